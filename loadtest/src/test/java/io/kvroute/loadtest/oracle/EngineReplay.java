package io.kvroute.loadtest.oracle;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineListener;
import io.kvroute.loadtest.engine.EngineModel;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import io.kvroute.loadtest.engine.StepTimer;
import io.kvroute.loadtest.engine.StepWork;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Plays a workload on the engine model and describes each step as the oracle does: {@code
 * request:tokens} for each scheduled chunk, {@code P} with the number of preempted requests, then
 * the events: {@code S parent>blocks#checksum of the tokens}, {@code R block}, {@code C}. Blocks
 * are numbered by content, in the order in which contents were first stored.
 */
final class EngineReplay implements EngineListener, StepTimer {

  private final Workload workload;
  private final EngineModel engine;
  private final Map<Long, Integer> numbers = new HashMap<>();
  private final List<StringBuilder> steps = new ArrayList<>();
  private final int[] cachedTokens;
  private long preemptions;
  private long now;

  private EngineReplay(Workload workload) {
    this.workload = workload;
    this.engine = new EngineModel(workload.profile(), this, this);
    this.cachedTokens = new int[workload.requests().size()];
  }

  /** The model's steps, and the cached tokens of each request. */
  record Outcome(List<String> steps, List<Integer> cachedTokens) {}

  static Outcome run(Workload workload) {
    EngineReplay replay = new EngineReplay(workload);
    for (String op : workload.ops()) {
      replay.apply(op);
    }
    return new Outcome(
        replay.steps.stream().map(StringBuilder::toString).toList(),
        Arrays.stream(replay.cachedTokens).boxed().toList());
  }

  private void apply(String op) {
    switch (op) {
      case "step" -> {
        long due = engine.advance(now);
        if (due == EngineModel.IDLE) {
          throw new IllegalStateException("idle after step " + steps.size());
        }
        now = due;
      }
      case "idle" -> {
        if (engine.advance(now) != EngineModel.IDLE) {
          throw new IllegalStateException("not idle after step " + steps.size());
        }
      }
      case "reset" -> {
        if (!engine.resetPrefixCache()) {
          throw new IllegalStateException("no reset after step " + steps.size());
        }
      }
      default -> {
        int n = Integer.parseInt(op.substring(1));
        if (op.startsWith("+")) {
          engine.submit(request(n));
        } else {
          engine.abort(n);
        }
      }
    }
  }

  private EngineRequest request(int n) {
    Workload.Request request = workload.requests().get(n);
    int[] answer = request.answerTokens();
    Integer end = request.end();
    return new EngineRequest(
        n,
        request.promptTokens(),
        end == null ? answer.length : answer.length + 1,
        i -> answer[i],
        end == null ? -1 : end,
        request.salt());
  }

  @Override
  public long stepNanos(List<StepWork> work, long startNanos) {
    StringBuilder step = new StringBuilder();
    step.append(
        work.stream()
            .map(part -> part.requestId() + ":" + part.newTokens())
            .collect(Collectors.joining(" ")));
    long preempted = engine.stats().steps().preemptions();
    if (preempted > preemptions) {
      step.append("|P ").append(preempted - preemptions);
      preemptions = preempted;
    }
    steps.add(step);
    return 1;
  }

  @Override
  public void onToken(
      EngineRequest request, int token, int cached, @Nullable FinishReason finish, long atNanos) {
    cachedTokens[(int) request.id()] = cached;
  }

  @Override
  public void onKvEvents(List<EngineKvEvent> events, long atNanos) {
    for (EngineKvEvent event : events) {
      steps.getLast().append('|').append(describe(event));
    }
  }

  private String describe(EngineKvEvent event) {
    return switch (event) {
      case EngineKvEvent.BlockStored stored -> {
        Long parent = stored.parentHash();
        String blocks =
            Arrays.stream(stored.hashes())
                .mapToObj(hash -> "" + numbers.computeIfAbsent(hash, h -> numbers.size()))
                .collect(Collectors.joining(","));
        yield "S%s>%s#%08x"
            .formatted(parent == null ? "" : numbers.get(parent), blocks, checksum(stored));
      }
      case EngineKvEvent.BlockRemoved removed -> "R" + numbers.get(removed.hash());
      case EngineKvEvent.AllBlocksCleared cleared -> "C";
    };
  }

  private static long checksum(EngineKvEvent.BlockStored stored) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * stored.tokens().length);
    bytes.asIntBuffer().put(stored.tokens());
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
