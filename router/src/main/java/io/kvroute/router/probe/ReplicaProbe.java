package io.kvroute.router.probe;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.Guard;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes one replica in rounds: health, models, metrics, sources of KV events. A replica is up once
 * it has reported that it is healthy and which models it serves. Confined to the scheduler's single
 * thread, except {@link #stop}.
 */
final class ReplicaProbe {

  private static final Logger log = LoggerFactory.getLogger(ReplicaProbe.class);

  /** The default of TensorRT-LLM's tokens_per_block, used until metrics report the setting. */
  private static final int TENSORRT_LLM_BLOCK_SIZE = 32;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final Replica replica;
  private final URI url;
  private final Fleet fleet;
  private final CacheCounters counters;
  private final ProbeClient client;
  private final ProbeSettings settings;
  private final ScheduledExecutorService scheduler;
  private final Guard guard;

  private List<ServedModel> models = List.of();
  private @Nullable EngineKind engine;
  private EngineMetrics metrics = EngineMetrics.NONE;
  private List<EventEndpoint> events = List.of();
  private boolean eventsDue;
  private boolean hasHealth = true;
  private boolean up;
  private int failures;
  private int roundsToModels;
  private int roundsToMetrics;
  private boolean scraped;
  private @Nullable Future<?> current;
  private @Nullable Future<?> next;
  private volatile boolean answered;
  private volatile boolean stopped;

  ReplicaProbe(
      Replica replica,
      Fleet fleet,
      CacheCounters counters,
      ProbeClient client,
      ProbeSettings settings,
      ScheduledExecutorService scheduler,
      Guard guard) {
    this.guard = guard;
    this.replica = replica;
    this.url = replica.url();
    this.fleet = fleet;
    this.counters = counters;
    this.client = client;
    this.settings = settings;
    this.scheduler = scheduler;
    this.engine = replica.spec().engine();
  }

  /** Starts a round that scrapes the metrics, unless one is under way. */
  void roundWithMetrics() {
    if (!isUnderWay()) {
      roundsToMetrics = 0;
      answered = false;
    }
    round();
  }

  private boolean isUnderWay() {
    return current != null && !current.isDone();
  }

  /** Starts a round, unless one is under way. */
  void round() {
    if (stopped || isUnderWay()) {
      return;
    }
    if (!guard.run(this::begin)) {
      scheduleNext();
    }
  }

  private void begin() {
    if (next != null) {
      next.cancel(false);
    }
    current =
        health()
            .thenCompose(ignored -> models())
            .thenCompose(ignored -> metrics())
            .thenCompose(ignored -> events())
            .whenCompleteAsync((ignored, failure) -> finish(failure), scheduler);
  }

  void stop() {
    stopped = true;
  }

  /** The replica has answered a request, which shows its health better than a probe. */
  void answered() {
    answered = true;
  }

  /** An engine without {@code /health} is healthy if it lists its models. */
  private CompletableFuture<?> health() {
    if (up && answered) {
      answered = false;
      return CompletableFuture.completedFuture(OK);
    }
    if (!hasHealth) {
      roundsToModels = 0;
      return CompletableFuture.completedFuture(OK);
    }
    return client
        .status(url, "/health")
        .thenApplyAsync(
            status -> {
              if (status == NOT_FOUND) {
                hasHealth = false;
                roundsToModels = 0;
              } else if (status != OK) {
                throw ProbeClient.unexpected("/health", status);
              }
              return status;
            },
            scheduler);
  }

  private CompletableFuture<?> models() {
    if (up && roundsToModels-- > 0) {
      return CompletableFuture.completedFuture(models);
    }
    return client
        .get(url, "/v1/models")
        .thenAcceptAsync(
            body -> {
              ModelList list = ModelList.read(body);
              models = list.models();
              engine = engine == null ? list.engine() : engine;
              roundsToModels = settings.modelsEveryRounds();
              eventsDue = true;
            },
            scheduler);
  }

  /** Reads the metrics. An engine without metrics is used all the same. */
  private CompletableFuture<?> metrics() {
    scraped = false;
    if (up && roundsToMetrics-- > 0) {
      return CompletableFuture.completedFuture(metrics);
    }
    roundsToMetrics = settings.metricsEveryRounds() - 1;
    return client
        .get(url, "/metrics")
        .handleAsync(
            (body, failure) -> {
              if (failure == null) {
                scraped(body);
                scraped = true;
              }
              return body;
            },
            scheduler);
  }

  /** Asks a vLLM engine where it publishes KV events, as often as for its models. */
  private CompletableFuture<?> events() {
    if (!eventsDue || engine != EngineKind.VLLM || replica.spec().kvEvents() != null) {
      return CompletableFuture.completedFuture(events);
    }
    eventsDue = false;
    return client
        .get(url, "/kv_event_sources")
        .handleAsync(
            (body, failure) -> {
              if (failure == null) {
                events = KvEventSources.read(body, url);
              } else if (isCertain(failure)) {
                events = List.of();
              } else {
                eventsDue = true;
              }
              return body;
            },
            scheduler);
  }

  private void scraped(byte[] body) {
    EngineMetrics vllm = engine == EngineKind.TRTLLM ? null : VllmMetrics.read(body);
    EngineMetrics trtllm = vllm == null ? TrtllmMetrics.read(body, metrics) : null;
    if (vllm != null) {
      boolean countersFell = vllm.prefixQueryTokens() < metrics.prefixQueryTokens();
      if (countersFell && vllm.startedAtSeconds() == metrics.startedAtSeconds()) {
        log.info(
            "replica {} at {}: its metrics counters decreased, so its engine has restarted with an empty cache",
            replica.id(),
            url);
        fleet.restarted(replica.id());
      }
      eventsDue |= countersFell || vllm.startedAtSeconds() != metrics.startedAtSeconds();
      metrics = vllm;
      engine = engine == null ? EngineKind.VLLM : engine;
      counters.scraped(replica.id(), vllm.prefixQueryTokens(), vllm.prefixHitTokens());
    } else if (trtllm != null) {
      metrics = trtllm;
      engine = engine == null ? EngineKind.TRTLLM : engine;
    }
  }

  private void finish(@Nullable Throwable failure) {
    if (stopped) {
      return;
    }
    guard.run(
        () -> {
          if (failure == null) {
            succeeded();
          } else {
            failed(failure);
          }
        });
    scheduleNext();
  }

  private void scheduleNext() {
    long interval = up ? settings.intervalMillis() : settings.downIntervalMillis();
    long pause = Math.max(interval, guard.backoffLeftMillis());
    long jitter = ThreadLocalRandom.current().nextLong(-pause / 10, pause / 10 + 1);
    next = scheduler.schedule(this::round, pause + jitter, TimeUnit.MILLISECONDS);
  }

  /** A sleeping engine has given up its cache. */
  private void succeeded() {
    failures = 0;
    fleet.report(
        replica.id(),
        new EngineFacts(
            Objects.requireNonNullElse(engine, EngineKind.OPENAI),
            models,
            blockSize(),
            metrics.numBlocks(),
            metrics.startedAtSeconds(),
            events));
    if (scraped) {
      fleet.report(replica.id(), metrics.load());
    }
    if (metrics.asleep()) {
      if (up) {
        fleet.restarted(replica.id());
      }
      failed(new ProbeException("its engine is asleep", true));
      return;
    }
    fleet.up(replica.id());
    up = true;
  }

  private int blockSize() {
    boolean unknown = metrics.blockSize() == 0 && engine == EngineKind.TRTLLM;
    return unknown ? TENSORRT_LLM_BLOCK_SIZE : metrics.blockSize();
  }

  private static boolean isCertain(Throwable failure) {
    return ProbeClient.cause(failure) instanceof ProbeException probe && probe.certain();
  }

  private void failed(Throwable failure) {
    Throwable cause = ProbeClient.cause(failure);
    failures++;
    if (!isCertain(failure) && failures < settings.failuresToDown()) {
      return;
    }
    up = false;
    fleet.down(replica.id(), String.valueOf(cause.getMessage()));
  }
}
