package io.kvroute.loadtest.verify;

import io.kvroute.loadtest.engine.EngineBlockHash;
import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineKvEvent.AllBlocksCleared;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockRemoved;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockStored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the blocks that the model stored and removed with those of a recorded engine, in order.
 * The two hash blocks differently, so blocks are compared by their content: their tokens and all
 * tokens before them.
 *
 * @param stores blocks that the recording stored
 * @param removals blocks that the recording removed
 * @param modelStores blocks that the model stored
 * @param modelRemovals blocks that the model removed
 * @param firstDifference description of the first difference; null if there is none
 */
public record EventsVerdict(
    int stores,
    int removals,
    int modelStores,
    int modelRemovals,
    @Nullable String firstDifference) {

  /** One block stored or removed, or the whole cache cleared. */
  private record Change(String kind, long content) {}

  /** Compares change by change. */
  public static EventsVerdict of(List<EngineKvEvent> recorded, List<EngineKvEvent> model) {
    List<Change> expected = changes(recorded);
    List<Change> actual = changes(model);
    return new EventsVerdict(
        count(expected, "store"),
        count(expected, "removal"),
        count(actual, "store"),
        count(actual, "removal"),
        firstDifference(expected, actual));
  }

  /** Whether the two agree. */
  public boolean agrees() {
    return firstDifference == null;
  }

  private static @Nullable String firstDifference(List<Change> expected, List<Change> actual) {
    for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
      String engine = i < expected.size() ? describe(expected.get(i)) : "nothing more";
      String model = i < actual.size() ? describe(actual.get(i)) : "nothing more";
      if (!engine.equals(model)) {
        return "change %d: engine %s, model %s".formatted(i, engine, model);
      }
    }
    return null;
  }

  private static String describe(Change change) {
    return "%s of %016x".formatted(change.kind(), change.content());
  }

  private static int count(List<Change> changes, String kind) {
    return (int) changes.stream().filter(change -> change.kind().equals(kind)).count();
  }

  private static List<Change> changes(List<EngineKvEvent> events) {
    List<Change> changes = new ArrayList<>();
    Map<Long, Long> contents = new HashMap<>();
    for (EngineKvEvent event : events) {
      switch (event) {
        case BlockStored stored -> {
          long content = parent(stored, contents);
          for (int i = 0; i < stored.hashes().length; i++) {
            int from = i * stored.blockSize();
            content =
                EngineBlockHash.chain(content, stored.tokens(), from, from + stored.blockSize());
            contents.put(stored.hashes()[i], content);
            changes.add(new Change("store", content));
          }
        }
        case BlockRemoved removed ->
            changes.add(new Change("removal", contents.getOrDefault(removed.hash(), 0L)));
        case AllBlocksCleared cleared -> changes.add(new Change("clearing", 0));
      }
    }
    return changes;
  }

  private static long parent(BlockStored stored, Map<Long, Long> contents) {
    Long parent = stored.parentHash();
    return parent == null
        ? EngineBlockHash.root(stored.cacheSalt())
        : contents.getOrDefault(parent, 0L);
  }
}
