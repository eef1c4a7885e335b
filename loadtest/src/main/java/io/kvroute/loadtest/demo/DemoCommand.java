package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.cluster.Cluster;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.replica.TokenizerText;
import io.kvroute.loadtest.workload.ConversationWorkload;
import io.kvroute.tokenizer.BundledModel;
import io.kvroute.tokenizer.ModelFiles;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the same workload with round robin and with kv-aware, and prints both in one table. */
@Command(
    name = "demo",
    description =
        "Sends multi-turn conversations through the router to four simulated replicas, first with"
            + " round-robin and then with kv-aware, and prints both results side by side.")
@SuppressWarnings("NullAway.Init") // picocli sets the required fields
public final class DemoCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "seed of the conversations (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Option(
      names = "--prefill-rate",
      paramLabel = "TOKENS_PER_S",
      description = "prefill speed of a replica (default: that of an 8B model on an L4)")
  private @Nullable Integer prefillRate;

  @Option(
      names = "--keep",
      description = "keep the kv-aware router and its replicas running until interrupted")
  private boolean keep;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "also write the results as a chart to this file")
  private @Nullable Path svg;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    DemoOptions options = DemoOptions.of(seed, profile());
    announce(options);
    ModelFiles files = BundledModel.qwen3();
    TokenizerText text = TokenizerText.open(files);
    PromptEncoder encoder = PromptEncoder.open(files, PromptEncoderOptions.defaults());
    Demo demo = new Demo(options, encoder, spec.commandLine().getErr());
    PolicyRun roundRobin;
    try (Cluster cluster = start(options, text, "round-robin")) {
      roundRobin = demo.play("round-robin", cluster.url());
    }
    try (Cluster cluster = start(options, text, "kv-aware")) {
      PolicyRun kvAware = demo.play("kv-aware", cluster.url());
      report(out, options, roundRobin, kvAware);
      if (keep) {
        keepRunning(out, cluster);
      }
      return roundRobin.stats().failed() + kvAware.stats().failed() == 0 ? 0 : 1;
    }
  }

  /** Says what the demo will do, on the stream that then shows its progress. */
  private void announce(DemoOptions options) {
    ConversationWorkload work = options.workload();
    PrintWriter progress = spec.commandLine().getErr();
    progress.printf(
        Locale.ROOT,
        "Sends %d conversations of %d turns through a router to %d simulated replicas (%s),%n"
            + "first with policy round-robin, then with kv-aware. Takes about two minutes; needs no"
            + " GPU.%n",
        work.conversations(),
        work.turns(),
        options.replicas(),
        options.profile().name());
    progress.flush();
  }

  private static Cluster start(DemoOptions options, TokenizerText text, String policy)
      throws Exception {
    return Cluster.start(
        options.replicas(), options.profile(), text, policy, options.workload().seed());
  }

  private EngineProfile profile() {
    EngineProfile profile = EngineProfile.qwen3OnL4();
    return prefillRate == null
        ? profile
        : profile.withCost(profile.cost().withPrefillRate(prefillRate));
  }

  private void report(PrintWriter out, DemoOptions options, PolicyRun roundRobin, PolicyRun kvAware)
      throws Exception {
    String engines = options.replicas() + " replicas, " + options.profile().name();
    out.println();
    out.print(GainTable.of(roundRobin, kvAware));
    out.println();
    out.print(describe(options));
    out.flush();
    if (svg != null) {
      String chart = GainChart.of(roundRobin, kvAware, engines);
      Files.writeString(svg, chart, StandardCharsets.UTF_8);
    }
  }

  private static String describe(DemoOptions options) {
    EngineProfile engine = options.profile();
    ConversationWorkload work = options.workload();
    return String.format(
        Locale.ROOT,
        """
        replicas: %d simulated, each %s: %d blocks of %d tokens, %.0f prompt tokens/s, %.1f ms per decode step
        workload: %d conversations of %d turns, one starts every %.0f ms, %.0f ms between turns, seed %d;
                  tokens: system prompt %d (one of %d), document %d, question %d, answer %d
        hit rate: cached tokens / prompt tokens, as the engines count them; best possible: one cache that never evicts
        """,
        options.replicas(),
        engine.name(),
        engine.blocks(),
        engine.blockSize(),
        1e9 / engine.cost().nanosPerToken(),
        engine.cost().weightReadNanos() * 1e-6,
        work.conversations(),
        work.turns(),
        work.meanArrivalGapMillis(),
        work.meanThinkMillis(),
        work.seed(),
        work.lengths().system(),
        work.applications(),
        work.lengths().document(),
        work.lengths().question(),
        work.lengths().answer());
  }

  private static void keepRunning(PrintWriter out, Cluster cluster) throws InterruptedException {
    out.println();
    out.println("The router and its replicas keep running. Try:");
    out.println(
        "  curl -N "
            + cluster.url()
            + "/v1/chat/completions -H 'content-type: application/json' -d '{\"model\":\""
            + Cluster.MODEL
            + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
    out.println("  curl " + cluster.adminUrl() + "/replicas");
    out.println("Stop them with Ctrl-C.");
    out.flush();
    new CountDownLatch(1).await();
  }
}
