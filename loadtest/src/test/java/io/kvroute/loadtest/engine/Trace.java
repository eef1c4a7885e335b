package io.kvroute.loadtest.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records everything that an engine reports. */
final class Trace implements EngineListener {

  final Map<Long, List<Integer>> answers = new LinkedHashMap<>();
  final Map<Long, Integer> cachedTokens = new LinkedHashMap<>();
  final Map<Long, FinishReason> finished = new LinkedHashMap<>();
  final Map<Long, Long> firstTokenNanos = new LinkedHashMap<>();
  final List<EngineKvEvent> events = new ArrayList<>();
  final List<String> lines = new ArrayList<>();

  @Override
  public void onToken(
      EngineRequest request, int token, int cached, @Nullable FinishReason finish, long atNanos) {
    answers.computeIfAbsent(request.id(), id -> new ArrayList<>()).add(token);
    firstTokenNanos.putIfAbsent(request.id(), atNanos);
    cachedTokens.put(request.id(), cached);
    if (finish != null) {
      finished.put(request.id(), finish);
    }
    lines.add("%d %d %d %s %d".formatted(request.id(), token, cached, finish, atNanos));
  }

  @Override
  public void onKvEvents(List<EngineKvEvent> batch, long atNanos) {
    events.addAll(batch);
    for (EngineKvEvent event : batch) {
      lines.add(
          switch (event) {
            case EngineKvEvent.BlockStored stored -> "stored %d".formatted(stored.hashes().length);
            case EngineKvEvent.BlockRemoved removed -> "removed %016x".formatted(removed.hash());
            case EngineKvEvent.AllBlocksCleared cleared -> "cleared";
          });
    }
  }

  int storedBlocks() {
    return events.stream()
        .mapToInt(e -> e instanceof EngineKvEvent.BlockStored stored ? stored.hashes().length : 0)
        .sum();
  }
}
