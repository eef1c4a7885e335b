package io.kvroute.loadtest.cli;

import io.kvroute.loadtest.engine.EngineFlavor;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.StepCost;
import io.kvroute.loadtest.replica.Faults;
import io.kvroute.loadtest.replica.KvEventOptions;
import io.kvroute.loadtest.replica.ReplicaOptions;
import io.kvroute.loadtest.replica.ServedNames;
import io.kvroute.loadtest.replica.SimulatedReplica;
import io.kvroute.loadtest.replica.TokenizerText;
import io.kvroute.tokenizer.BundledModel;
import io.kvroute.tokenizer.ModelFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a simulated replica until it is stopped. */
@Command(
    name = "replica",
    description = "Runs a simulated replica: an engine's HTTP interface around an engine model.")
@SuppressWarnings("NullAway.Init") // picocli sets the required fields
final class ReplicaCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      required = true,
      paramLabel = "N",
      description = "0 for any; the port in use is printed")
  private int port;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      split = ",",
      description = "the served names of its model (default: ${DEFAULT-VALUE})")
  private List<String> models = List.of("qwen3");

  @Option(
      names = "--root",
      paramLabel = "DIR_OR_HF_ID",
      description = "the root that /v1/models reports (default: the first model name)")
  private @Nullable String root;

  @Option(
      names = "--tokenizer",
      paramLabel = "DIR",
      description = "the model's tokenizer and chat template (default: the bundled Qwen3's)")
  private @Nullable Path tokenizer;

  @Option(
      names = "--engine",
      paramLabel = "vllm|trtllm",
      description = "the engine whose rules and HTTP interface it follows (default: vllm)")
  private Engine engine = Engine.VLLM;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = "KV blocks, including the null block (default: as many as fit on the GPU)")
  private @Nullable Integer blocks;

  @Option(
      names = "--block-size",
      paramLabel = "N",
      description = "tokens per block (default: 16, trtllm: 32)")
  private @Nullable Integer blockSize;

  @Option(
      names = "--prefill-rate",
      paramLabel = "TOKENS_PER_S",
      description = "prefill speed for short prompts (default: Qwen3-8B's on an NVIDIA L4, 4355)")
  private @Nullable Double prefillRate;

  @Option(
      names = "--itl-ms",
      paramLabel = "N",
      description =
          "duration of a decode step with one sequence (default: Qwen3-8B's on an NVIDIA L4, 54.6)")
  private @Nullable Double interTokenMillis;

  @Option(
      names = "--kv-events",
      paramLabel = "tcp://HOST:PORT",
      description = "publish KV events at this endpoint")
  private @Nullable String kvEvents;

  @Option(
      names = "--kv-replay",
      paramLabel = "tcp://HOST:PORT",
      description = "replay KV events at this endpoint")
  private @Nullable String kvReplay;

  @Option(
      names = "--kv-topic",
      paramLabel = "TOPIC",
      description = "topic of the KV events (default: empty)")
  private String kvTopic = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "seed of the answers (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--answer-tokens",
      paramLabel = "N",
      description =
          "mean length of answers to requests without a limit (default: ${DEFAULT-VALUE})")
  private int answerTokens = 128;

  @Option(
      names = "--no-enable-prompt-tokens-details",
      negatable = true,
      description = "whether usage reports cached tokens (default: yes)")
  private boolean promptTokensDetails = true;

  @ArgGroup(exclusive = false, heading = "Faults (also set by POST /control/faults):%n")
  private FaultOptions faults = new FaultOptions();

  /** The values of {@code --engine}, in upper or lower case. */
  enum Engine {
    VLLM,
    TRTLLM
  }

  static final class FaultOptions {

    @Option(names = "--fault-refuse", description = "reset every connection")
    private boolean refuse;

    @Option(names = "--fault-hang", description = "never answer a request")
    private boolean hang;

    @Option(
        names = "--fault-delay-ms",
        paramLabel = "N",
        description = "delay generation requests by this time")
    private int delayMillis;

    @Option(
        names = "--fault-status",
        paramLabel = "N",
        description = "answer generation requests with this status")
    private int status;

    @Option(
        names = "--fault-die-after-chunks",
        paramLabel = "N",
        description = "cut streams after so many events")
    private int dieAfterChunks = -1;

    @Option(
        names = "--fault-times",
        paramLabel = "N",
        description = "apply the faults to so many requests only (default: all)")
    private int times = -1;

    private Faults faults() {
      return new Faults(
          refuse, hang, delayMillis, status, dieAfterChunks, Faults.OfTokenize.NOTHING, times);
    }
  }

  @Override
  public Integer call() throws IOException {
    ReplicaOptions options = options();
    ModelFiles files = tokenizer == null ? BundledModel.qwen3() : ModelFiles.inDirectory(tokenizer);
    try (SimulatedReplica replica = SimulatedReplica.start(options, TokenizerText.open(files))) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("listening on " + replica.url());
      out.flush();
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private ReplicaOptions options() {
    return new ReplicaOptions(
        port,
        new ServedNames(models, root == null ? models.getFirst() : root),
        profile(),
        seed,
        answerTokens,
        promptTokensDetails,
        true,
        kvEvents(),
        faults.faults());
  }

  private @Nullable KvEventOptions kvEvents() {
    if (kvEvents == null && kvReplay != null) {
      throw new IllegalArgumentException("--kv-replay: " + kvReplay + " (expected: --kv-events)");
    }
    return kvEvents == null ? null : KvEventOptions.at(kvEvents, kvReplay, kvTopic);
  }

  private EngineProfile profile() {
    EngineProfile profile = EngineProfile.qwen3OnL4();
    if (engine == Engine.TRTLLM) {
      profile = profile.withFlavor(EngineFlavor.TENSORRT_LLM);
    }
    int size = blockSize == null ? profile.blockSize() : blockSize;
    if (blocks != null || blockSize != null) {
      int fitting = profile.blocks() * profile.blockSize() / Math.max(1, size);
      profile = profile.withBlocks(blocks == null ? fitting : blocks, size);
    }
    StepCost cost = profile.cost();
    if (prefillRate != null) {
      cost = cost.withPrefillRate(positive("--prefill-rate", prefillRate));
    }
    if (interTokenMillis != null) {
      cost = cost.withInterTokenMillis(positive("--itl-ms", interTokenMillis));
    }
    return profile.withCost(cost);
  }

  private static double positive(String option, double value) {
    if (value > 0) {
      return value;
    }
    throw new IllegalArgumentException(option + ": " + value + " (expected: > 0)");
  }
}
