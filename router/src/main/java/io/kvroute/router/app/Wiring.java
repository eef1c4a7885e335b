package io.kvroute.router.app;

import io.kvroute.config.Config;
import io.kvroute.config.HostPort;
import io.kvroute.config.KvEvents;
import io.kvroute.router.accesslog.AccessLog;
import io.kvroute.router.accesslog.AccessLogFormat;
import io.kvroute.router.accesslog.AccessLogWriter;
import io.kvroute.router.admin.AdminPort;
import io.kvroute.router.admin.AdminServices;
import io.kvroute.router.admin.EventMetrics;
import io.kvroute.router.admin.FleetMetrics;
import io.kvroute.router.admin.KnowledgeMetrics;
import io.kvroute.router.admin.MetricHelp;
import io.kvroute.router.admin.PromptKnowledge;
import io.kvroute.router.admin.PromptMetrics;
import io.kvroute.router.admin.RouteMetrics;
import io.kvroute.router.admin.TaskMetrics;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.http.DataPort;
import io.kvroute.router.http.DataPortMetrics;
import io.kvroute.router.http.DataPortServices;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.learn.KnowledgeCheck;
import io.kvroute.router.learn.KvEventFeed;
import io.kvroute.router.probe.Probes;
import io.kvroute.router.probe.TokenizeClient;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.prompt.ModelEncoders;
import io.kvroute.router.prompt.PromptPipeline;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.Policies;
import io.kvroute.router.route.RouteObserver;
import io.kvroute.router.upstream.Transport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where components are created and connected. Owns and closes everything except the
 * two ports.
 */
final class Wiring implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Wiring.class);
  private static final long TOKENIZER_WAIT_SECONDS = 20;
  private static final long PROMPT_QUEUE_BYTES = 64 << 20;

  private final PrometheusMeterRegistry registry = newRegistry();
  private final Fleet fleet = new Fleet();
  private final RouteMetrics routeMetrics = new RouteMetrics(registry);
  private final KnowledgeMetrics knowledgeMetrics = new KnowledgeMetrics(registry, this::cacheLost);
  private final KnowledgeCheck knowledge =
      new KnowledgeCheck(fleet, knowledgeMetrics, this::believe);
  private final Guards guards = new Guards(new TaskMetrics(registry), Wiring::millis);
  private final ScheduledExecutorService modelThread;
  private final ModelEncoders encoders;
  private final ModelWatch modelWatch;
  private final TokenizeClient tokenizeClient;
  private final PromptPipeline pipeline;
  private final SelfChecks selfChecks;
  private final FleetRouter router;
  private final KvEventFeed events;
  private final Probes probes;
  private final ProgressWatch progress;
  private final JvmMeters jvmMeters = new JvmMeters(registry);
  private final @Nullable AccessLogWriter accessLog;
  private volatile boolean serving;

  static PrometheusMeterRegistry newRegistry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(new MetricHelp());
    return registry;
  }

  private Wiring(Config config, Map<String, String> environment) throws StartException {
    FleetLog.start(fleet);
    ModelSettings models = new ModelSettings(config, environment);
    SecureRandom secret = new SecureRandom();
    KeySpace keySpace = keySpace(secret.nextLong(), fleet);
    modelThread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("models").factory());
    encoders =
        new ModelEncoders(
            config.tokenizers(), models::optionsOf, models.loader(), modelThread, Wiring::millis);
    modelWatch = new ModelWatch(fleet, encoders, modelThread, guards);
    tokenizeClient = new TokenizeClient(fleet, Options.probes(config), Wiring::millis);
    pipeline =
        new PromptPipeline(
            encoders,
            new EngineTokenizers(tokenizeClient),
            keySpace,
            new PromptMetrics(registry),
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
            PROMPT_QUEUE_BYTES,
            Wiring::millis);
    selfChecks = new SelfChecks(fleet, pipeline.selfCheck(), tokenizeClient, modelThread, guards);
    probes = new Probes(fleet, knowledge::scraped, Options.probes(config), guards);
    router =
        new FleetRouter(
            fleet,
            Options.router(config),
            RouteObserver.all(routeMetrics, knowledge, new AnswerReports(probes)),
            System::nanoTime,
            new SplittableRandom(secret.nextLong()));
    events =
        new KvEventFeed(
            fleet,
            router,
            keySpace,
            config.learn().kvEvents() == KvEvents.DISCOVER,
            knowledge,
            id -> new EventMetrics(id, registry),
            guards);
    progress = new ProgressWatch(router, probes::suspect, guards);
    accessLog = accessLog(Options.accessLog(config), registry);
  }

  private static @Nullable AccessLogWriter accessLog(
      @Nullable AccessLogFormat format, MeterRegistry registry) {
    if (format == null) {
      return null;
    }
    Counter dropped = registry.counter("kvroute.access.log.dropped");
    return AccessLogWriter.start(
        format, new FileOutputStream(FileDescriptor.out), dropped::increment);
  }

  static KeySpace keySpace(long seed, Fleet fleet) {
    return new KeySpace(seed, model -> fleet.snapshot().cacheNames().of(model));
  }

  static RunningRouter start(Config config, Map<String, String> environment) throws StartException {
    Wiring wiring = new Wiring(config, environment);
    try {
      return wiring.open(config);
    } catch (StartException | RuntimeException e) {
      wiring.close();
      throw e;
    }
  }

  private RunningRouter open(Config config) throws StartException {
    awaitTokenizers();
    DataPort data = openDataPort(config);
    AdminPort admin;
    try {
      admin = openAdminPort(config);
    } catch (StartException e) {
      data.close();
      throw e;
    }
    config.replicas().forEach(replica -> probes.watch(fleet.add(Options.replica(replica))));
    serving = true;
    return new RunningRouter(this, data, admin, config.timeouts().shutdown());
  }

  /** The engine's counters show that its cache does not hold what was predicted. */
  private void cacheLost(ReplicaId replica) {
    log.warn(
        "replica {}: its counters show that most predicted blocks are not cached; its cache is predicted anew from empty",
        replica);
    router.resetShadow(replica);
  }

  private void believe(ReplicaId replica, EventTrust trust) {
    router.trustEvents(replica, trust);
  }

  /**
   * Waits for configured tokenizers. One that takes longer, such as a download, goes on loading
   * while requests are routed by text.
   */
  private void awaitTokenizers() throws StartException {
    try {
      encoders.loadConfigured().get(TOKENIZER_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.warn("starting before all tokenizers are loaded: {}", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while loading tokenizers", e);
    }
  }

  private DataPort openDataPort(Config config) throws StartException {
    KeySource keys =
        Policies.readsPrompts(config.policy().label()) ? pipeline : KeySource.LENGTH_ONLY;
    DataPortServices services =
        new DataPortServices(
            keys,
            router,
            fleet,
            new DataPortMetrics(registry),
            accessLog == null ? AccessLog.OFF : accessLog,
            guards);
    try {
      return DataPort.open(services, Options.dataPort(config), Transport.best());
    } catch (IOException e) {
      throw addressInUse("listen", config.listen(), e);
    }
  }

  private AdminPort openAdminPort(Config config) throws StartException {
    AdminServices services =
        new AdminServices(
            fleet,
            router,
            pipeline,
            new PromptKnowledge(
                pipeline,
                encoders,
                Policies.readsPrompts(config.policy().label()),
                selfChecks::warnings),
            new AdminServices.KnowledgeViews(
                events::status, knowledge::state, knowledgeMetrics::isDisputed),
            new FleetMetrics(fleet, router, routeMetrics, knowledgeMetrics, registry),
            routeMetrics::experience,
            new LogbackLevels(),
            () -> serving);
    try {
      return AdminPort.start(config.adminListen().toSocketAddress(), services);
    } catch (IOException | IllegalArgumentException e) {
      throw addressInUse("admin-listen", config.adminListen(), e);
    }
  }

  private static StartException addressInUse(String property, HostPort address, Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new StartException(
        "cannot listen on %s: %s (choose another address with --%s)"
            .formatted(address, cause.getMessage(), property),
        e);
  }

  Fleet fleet() {
    return fleet;
  }

  void stopServing() {
    serving = false;
  }

  @Override
  public void close() {
    progress.close();
    probes.close();
    events.close();
    pipeline.close();
    selfChecks.close();
    tokenizeClient.close();
    modelWatch.close();
    modelThread.shutdownNow();
    if (accessLog != null) {
      accessLog.close();
    }
    jvmMeters.close();
    registry.close();
  }

  static long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
