package io.kvroute.router.http;

import io.kvroute.router.openai.Endpoint;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of the data port. Only models that replicas serve become labels, so that clients cannot
 * grow the label sets. Thread-safe.
 */
public final class DataPortMetrics {

  /** The status code recorded when the client disconnected, as in nginx. */
  static final int CLIENT_LEFT = 499;

  private static final String NONE = "none";
  private static final Duration[] BUCKETS = buckets();

  private final MeterRegistry registry;
  private final Timer parse;
  private final Counter retriesDenied;
  private final Map<Served, Counter> requests = new ConcurrentHashMap<>();
  private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();
  private final Map<String, Counter> retries = new ConcurrentHashMap<>();
  private final Map<String, Counter> rejected = new ConcurrentHashMap<>();

  private record Served(String model, @Nullable Endpoint endpoint, int code) {}

  private record ModelMeters(Timer ttft, Timer total) {}

  public DataPortMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.retriesDenied = registry.counter("kvroute.retries.denied");
    this.parse =
        Timer.builder("kvroute.overhead")
            .tags("stage", "parse")
            .serviceLevelObjectives(overheadBuckets())
            .register(registry);
  }

  void parsed(long nanos) {
    parse.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A request ended with this status, which the client may not have received. */
  void answered(@Nullable String model, @Nullable Endpoint endpoint, int code) {
    requests
        .computeIfAbsent(new Served(model == null ? NONE : model, endpoint, code), this::count)
        .increment();
  }

  void firstToken(String model, long nanos) {
    meters(model).ttft.record(nanos, TimeUnit.NANOSECONDS);
  }

  void completed(String model, long nanos) {
    meters(model).total.record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * The router answered a request itself, before routing. A 503 without an endpoint is a failing
   * health check, not a rejected request.
   *
   * @return why it was rejected; null if it was not
   */
  @Nullable String refused(@Nullable Endpoint endpoint, int code) {
    answered(null, endpoint, code);
    if (code < 400 || (endpoint == null && code == 503)) {
      return null;
    }
    String reason =
        switch (code) {
          case 401 -> "unauthorized";
          case 404, 405 -> "no-such-endpoint";
          case 408 -> "request-timeout";
          case 413, 431 -> "too-large";
          case 503 -> "overloaded";
          default -> "bad-request";
        };
    rejected(reason);
    return reason;
  }

  /** A request was sent again; {@code reason} comes from a small fixed set. */
  void retried(String reason) {
    retries
        .computeIfAbsent(reason, name -> registry.counter("kvroute.retries", "reason", name))
        .increment();
  }

  /** The retry budget was spent, so the client received the answer that was not retried. */
  void retryDenied() {
    retriesDenied.increment();
  }

  /** A request was rejected; {@code reason} comes from a small fixed set. */
  void rejected(String reason) {
    rejected
        .computeIfAbsent(reason, name -> registry.counter("kvroute.rejected", "reason", name))
        .increment();
  }

  private Counter count(Served served) {
    Endpoint endpoint = served.endpoint();
    return registry.counter(
        "kvroute.requests",
        Tags.of(
            "model",
            served.model(),
            "endpoint",
            endpoint == null ? NONE : endpoint.path(),
            "code",
            Integer.toString(served.code())));
  }

  private ModelMeters meters(String model) {
    return models.computeIfAbsent(
        model,
        name -> new ModelMeters(timer("kvroute.ttft", name), timer("kvroute.request", name)));
  }

  private Timer timer(String name, String model) {
    return Timer.builder(name)
        .tags("model", model)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** From 5 ms to 10 minutes, two or three to a decade. */
  private static Duration[] buckets() {
    long[] millis = {
      5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000, 120_000, 300_000,
      600_000
    };
    Duration[] buckets = new Duration[millis.length];
    for (int i = 0; i < millis.length; i++) {
      buckets[i] = Duration.ofMillis(millis[i]);
    }
    return buckets;
  }

  private static Duration[] overheadBuckets() {
    long[] micros = {10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000};
    Duration[] buckets = new Duration[micros.length];
    for (int i = 0; i < micros.length; i++) {
      buckets[i] = Duration.ofNanos(1_000 * micros[i]);
    }
    return buckets;
  }
}
