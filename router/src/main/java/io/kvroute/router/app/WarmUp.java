package io.kvroute.router.app;

import io.kvroute.config.Config;
import io.kvroute.config.ConfigException;
import io.kvroute.config.ConfigSources;
import io.kvroute.router.accesslog.AccessLog;
import io.kvroute.router.admin.KnowledgeMetrics;
import io.kvroute.router.admin.PromptMetrics;
import io.kvroute.router.admin.RouteMetrics;
import io.kvroute.router.admin.TaskMetrics;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.http.DataPort;
import io.kvroute.router.http.DataPortMetrics;
import io.kvroute.router.http.DataPortServices;
import io.kvroute.router.learn.KnowledgeCheck;
import io.kvroute.router.prompt.EngineTokenizer;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.prompt.ModelEncoders;
import io.kvroute.router.prompt.PromptPipeline;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.Policies;
import io.kvroute.router.route.RouteObserver;
import io.kvroute.router.upstream.Transport;
import io.kvroute.router.warmup.StandInEngine;
import io.kvroute.router.warmup.WarmUpClient;
import io.kvroute.tokenizer.BundledModel;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JVM compile the code that requests run, before the first client comes. It sends
 * conversations through a second data port, with its own fleet, tokenizer and metrics, to stand-in
 * engines in this process. Afterwards only the compiled code is left. Used once; not thread-safe.
 */
final class WarmUp {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  private static final String MODEL = "warm-up";
  private static final int CLIENTS = 4;
  private static final int ENGINES = 2;
  private static final int BLOCKS = 4096;
  private static final int BLOCK_SIZE = 16;
  private static final int REQUESTS_A_ROUND = 500;

  /** Below this share of a round's time spent compiling, another round would change little. */
  private static final double QUIET = 0.1;

  private final Config config;
  private final Fleet fleet = new Fleet();
  private final long deadlineNanos;
  private final long beginNanos = System.nanoTime();

  /**
   * A warm-up.
   *
   * @param config the configuration of the router that will serve
   * @param limit the time after which the warm-up ends, whatever it has done
   */
  WarmUp(Config config, Duration limit) {
    this.config = config;
    this.deadlineNanos = beginNanos + limit.toNanos();
  }

  /**
   * Sends requests until little is compiled. A fault is logged, and has no other effect.
   *
   * @return how many requests were answered
   */
  int run() throws InterruptedException {
    int answered = 0;
    try {
      answered = drive();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
      log.info("warmed up by {} requests in {} ms", answered, millis);
    } catch (IOException | ConfigException | StartException | ExecutionException e) {
      log.warn("the warm-up ended early: {}", String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      log.warn(
          "the warm-up ended early: the tokenizer that it uses was not loaded in time; the first requests may be slower");
    }
    return answered;
  }

  private int drive()
      throws IOException,
          ConfigException,
          StartException,
          ExecutionException,
          TimeoutException,
          InterruptedException {
    Config own =
        new ConfigSources()
            .set("listen", "127.0.0.1:0")
            .set("tokenizers", MODEL + "=" + BundledModel.QWEN3)
            .set("policy", config.policy().label())
            .load();
    PrometheusMeterRegistry registry = Wiring.newRegistry();
    List<StandInEngine> engines = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool();
        PromptPipeline pipeline = pipeline(own, registry, threads)) {
      for (int i = 0; i < ENGINES; i++) {
        StandInEngine engine = new StandInEngine();
        engines.add(engine);
        join(engine);
      }
      KeySource keys =
          Policies.readsPrompts(own.policy().label()) ? pipeline : KeySource.LENGTH_ONLY;
      DataPortServices services =
          new DataPortServices(
              keys,
              router(own, registry),
              fleet,
              new DataPortMetrics(registry),
              AccessLog.OFF,
              new Guards(new TaskMetrics(registry), Wiring::millis));
      try (DataPort port = DataPort.open(services, Options.dataPort(own), Transport.best())) {
        return converse(port.address(), threads);
      }
    } finally {
      engines.forEach(StandInEngine::close);
      registry.close();
    }
  }

  private void join(StandInEngine engine) {
    Replica replica = fleet.add(ReplicaSpec.at(engine.url()));
    ServedModel model = new ServedModel(MODEL, MODEL, null, 0);
    fleet.report(
        replica.id(), new EngineFacts(EngineKind.VLLM, List.of(model), BLOCK_SIZE, BLOCKS, 1));
    fleet.up(replica.id());
  }

  private PromptPipeline pipeline(
      Config own, PrometheusMeterRegistry registry, ExecutorService threads)
      throws StartException, ExecutionException, TimeoutException, InterruptedException {
    ModelSettings models = new ModelSettings(own, Map.of());
    ModelEncoders encoders =
        new ModelEncoders(
            own.tokenizers(), models::optionsOf, models.loader(), threads, Wiring::millis);
    if (Policies.readsPrompts(own.policy().label())) {
      long patience = Math.max(0, deadlineNanos - System.nanoTime());
      encoders.loadConfigured().get(patience, TimeUnit.NANOSECONDS);
      encoders.served(List.of(MODEL), null, null);
    }
    return new PromptPipeline(
        encoders,
        EngineTokenizer.NONE,
        Wiring.keySpace(0, fleet),
        new PromptMetrics(registry),
        1,
        1 << 20,
        Wiring::millis);
  }

  private FleetRouter router(Config own, PrometheusMeterRegistry registry) {
    KnowledgeMetrics knowledge = new KnowledgeMetrics(registry, replica -> {});
    return new FleetRouter(
        fleet,
        Options.router(own),
        RouteObserver.all(
            new RouteMetrics(registry),
            new KnowledgeCheck(fleet, knowledge, (replica, trust) -> {})),
        System::nanoTime,
        new SplittableRandom());
  }

  /** Returns how many requests were answered. */
  private int converse(InetSocketAddress router, ExecutorService threads)
      throws IOException, InterruptedException, ExecutionException {
    List<WarmUpClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new WarmUpClient(router, MODEL, i));
      }
      int answered = 0;
      boolean quiet = false;
      while (!quiet && System.nanoTime() < deadlineNanos) {
        long began = System.nanoTime();
        long compiled = compiledMillis();
        for (Future<Integer> round : threads.invokeAll(rounds(clients))) {
          answered += round.get();
        }
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        quiet = compiledMillis() - compiled < QUIET * took;
      }
      return answered;
    } finally {
      for (WarmUpClient client : clients) {
        client.close();
      }
    }
  }

  private List<Callable<Integer>> rounds(List<WarmUpClient> clients) {
    return clients.stream().<Callable<Integer>>map(client -> () -> round(client)).toList();
  }

  private int round(WarmUpClient client) throws IOException {
    int answered = 0;
    while (answered < REQUESTS_A_ROUND / CLIENTS && System.nanoTime() < deadlineNanos) {
      client.ask();
      answered++;
    }
    return answered;
  }

  private static long compiledMillis() {
    return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
  }
}
