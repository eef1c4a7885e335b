package io.kvroute.loadtest.cli;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.verify.CachedTokensVerdict;
import io.kvroute.loadtest.verify.EventsVerdict;
import io.kvroute.loadtest.verify.RecordedRequest;
import io.kvroute.loadtest.verify.Recordings;
import io.kvroute.loadtest.verify.VerifyEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the engine model with a recording of a real engine. */
@Command(
    name = "verify-engine",
    description =
        "Replays a recording of a real engine through the engine model and compares the two.")
@SuppressWarnings("NullAway.Init") // picocli sets the required fields
final class VerifyEngineCommand implements Callable<Integer> {

  private static final int DIFFERENCES_SHOWN = 10;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SEQUENCE.jsonl[.gz]",
      description =
          "recorded requests: prompt, output, cached_tokens, and times if they overlapped")
  private Path sequence;

  @Option(
      names = "--events",
      paramLabel = "EVENTS.jsonl[.gz]",
      description = "the KV events recorded with the requests: payload_hex")
  private @Nullable Path events;

  @Option(
      names = "--blocks",
      required = true,
      paramLabel = "N",
      description = "the engine's num_gpu_blocks, including its null block")
  private int blocks;

  @Option(
      names = "--block-size",
      required = true,
      paramLabel = "N",
      description = "tokens per block")
  private int blockSize;

  @Option(
      names = "--max-num-batched-tokens",
      paramLabel = "N",
      description = "the engine's token budget per step (default: ${DEFAULT-VALUE})")
  private int maxBatchedTokens = 2048;

  @Option(
      names = "--max-num-seqs",
      paramLabel = "N",
      description = "the most sequences that the engine runs at once (default: ${DEFAULT-VALUE})")
  private int maxSequences = 256;

  @Override
  public Integer call() throws IOException {
    EngineProfile profile =
        EngineProfile.qwen3OnL4()
            .withBlocks(blocks, blockSize)
            .withMaxModelTokens((int) Math.min(Integer.MAX_VALUE, (blocks - 1L) * blockSize))
            .withLimits(maxBatchedTokens, maxSequences);
    List<RecordedRequest> requests = Recordings.requests(sequence);
    List<EngineKvEvent> recorded = events == null ? null : Recordings.events(events);
    VerifyEngine.Outcome outcome = VerifyEngine.run(requests, profile);
    boolean cachedAgree = print(CachedTokensVerdict.of(outcome));
    boolean eventsAgree = recorded == null || print(EventsVerdict.of(recorded, outcome.events()));
    return cachedAgree && eventsAgree ? 0 : 1;
  }

  private boolean print(CachedTokensVerdict verdict) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "cached tokens: %d of %d requests agree; total: engine %d, model %d%n",
        verdict.agreeing(), verdict.requests(), verdict.recordedTokens(), verdict.modelTokens());
    verdict.differences().stream().limit(DIFFERENCES_SHOWN).forEach(d -> out.println("  " + d));
    int more = verdict.differences().size() - DIFFERENCES_SHOWN;
    if (more > 0) {
      out.printf("  and %d more%n", more);
    }
    return verdict.agrees();
  }

  private boolean print(EventsVerdict verdict) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "events: engine stored %d blocks and removed %d, model %d and %d; %s%n",
        verdict.stores(),
        verdict.removals(),
        verdict.modelStores(),
        verdict.modelRemovals(),
        verdict.agrees() ? "the same in the same order" : "they differ:");
    if (verdict.firstDifference() != null) {
      out.println("  " + verdict.firstDifference());
    }
    return verdict.agrees();
  }
}
