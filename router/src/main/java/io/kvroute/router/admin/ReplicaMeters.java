package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The meters of one replica. Thread-safe. */
final class ReplicaMeters {

  private final String replica;
  private final MeterRegistry registry;
  private final List<Meter> all = new CopyOnWriteArrayList<>();
  private final Map<PromptMode, Counter> routed = new ConcurrentHashMap<>();
  private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();

  /** The absolute difference between predicted and reported cached tokens. */
  final DistributionSummary predictionError;

  /** The absolute difference between predicted and actual time to first token. */
  final Timer ttftError;

  /** The time to first token. */
  final Timer ttft;

  private final Map<String, Counter> errors = new ConcurrentHashMap<>();

  /** Token counts of one model. */
  record ModelMeters(Counter prompt, Counter matched, Counter cached) {}

  ReplicaMeters(ReplicaId id, MeterRegistry registry) {
    this.replica = id.value();
    this.registry = registry;
    this.predictionError =
        tracked(
            DistributionSummary.builder("kvroute.prediction.error")
                .baseUnit("tokens")
                .tag("replica", replica)
                .serviceLevelObjectives(1, 16, 64, 256, 1_024, 4_096, 16_384)
                .register(registry));
    this.ttftError =
        tracked(
            Timer.builder("kvroute.ttft.prediction.error")
                .tag("replica", replica)
                .register(registry));
    this.ttft =
        tracked(Timer.builder("kvroute.replica.ttft").tag("replica", replica).register(registry));
  }

  /** Requests that the replica did not serve. */
  void failed(String reason) {
    errors
        .computeIfAbsent(
            reason,
            why ->
                tracked(
                    registry.counter("kvroute.replica.errors", "replica", replica, "reason", why)))
        .increment();
  }

  ReplicaExperience experience() {
    double failed = errors.values().stream().mapToDouble(Counter::count).sum();
    return new ReplicaExperience(
        (long) failed, ttft.count() == 0 ? -1 : ttft.mean(TimeUnit.SECONDS));
  }

  /** Requests routed here in a mode. The policy never changes while the router runs. */
  Counter routed(String policy, PromptMode mode) {
    Counter known = routed.get(mode);
    return known != null ? known : routed.computeIfAbsent(mode, of -> ofMode(policy, of));
  }

  ModelMeters model(String model) {
    ModelMeters known = models.get(model);
    return known != null ? known : models.computeIfAbsent(model, this::ofModel);
  }

  void close() {
    all.forEach(registry::remove);
  }

  private Counter ofMode(String policy, PromptMode mode) {
    return tracked(
        registry.counter(
            "kvroute.routed", "replica", replica, "policy", policy, "mode", mode.label()));
  }

  private ModelMeters ofModel(String model) {
    return new ModelMeters(
        tokens("kvroute.prompt.tokens", model),
        tokens("kvroute.matched.tokens", model),
        tokens("kvroute.cached.tokens", model));
  }

  private Counter tokens(String name, String model) {
    return tracked(registry.counter(name, "model", model, "replica", replica));
  }

  private <M extends Meter> M tracked(M meter) {
    all.add(meter);
    return meter;
  }
}
