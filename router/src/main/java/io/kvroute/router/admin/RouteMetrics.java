package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.route.RouteObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts routing decisions and their outcomes. Looks meters up without allocating, because this
 * runs for each request. Thread-safe.
 */
public final class RouteMetrics implements RouteObserver {

  private final MeterRegistry registry;
  private final Timer lookup;
  private final Timer pick;
  private final Counter stayed;
  private final Counter moved;
  private final Map<ReplicaId, ReplicaMeters> replicas = new ConcurrentHashMap<>();
  private final Map<String, Counter> bestMatched = new ConcurrentHashMap<>();

  public RouteMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.lookup = OverheadTimers.of("lookup", registry);
    this.pick = OverheadTimers.of("pick", registry);
    this.stayed = registry.counter("kvroute.sessions", "result", "stayed");
    this.moved = registry.counter("kvroute.sessions", "result", "moved");
  }

  @Override
  public void routed(Routed routed) {
    ReplicaMeters meters = meters(routed.replica());
    meters.routed(routed.policy(), routed.mode()).increment();
    if (routed.mode() != PromptMode.LOAD) {
      ReplicaMeters.ModelMeters model = meters.model(routed.model());
      model.prompt().increment(routed.match().promptTokens());
      model.matched().increment(routed.match().tokens());
      best(routed.model()).increment(routed.match().bestTokens());
    }
    lookup.record(routed.time().lookupNanos(), TimeUnit.NANOSECONDS);
    pick.record(routed.time().pickNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void finished(Finished finished) {
    if (finished.cachedTokens() >= 0) {
      Routed routed = finished.routed();
      ReplicaMeters meters = meters(routed.replica());
      meters.model(routed.model()).cached().increment(finished.cachedTokens());
      meters.predictionError.record(Math.abs(routed.match().tokens() - finished.cachedTokens()));
    }
    if (finished.ttftSeconds() >= 0) {
      double error = Math.abs(finished.predictedTtftSeconds() - finished.ttftSeconds());
      ReplicaMeters meters = meters(finished.routed().replica());
      meters.ttftError.record(Math.round(error * 1e9), TimeUnit.NANOSECONDS);
      meters.ttft.record(Math.round(finished.ttftSeconds() * 1e9), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void failed(ReplicaId replica, String reason) {
    meters(replica).failed(reason);
  }

  /** What requests have met with at a replica. */
  public ReplicaExperience experience(ReplicaId replica) {
    ReplicaMeters known = replicas.get(replica);
    return known == null ? ReplicaExperience.NONE : known.experience();
  }

  @Override
  public void session(boolean stayedThere) {
    (stayedThere ? stayed : moved).increment();
  }

  /**
   * Removes the meters of replicas that have left, so that a changing fleet does not leak memory.
   */
  void keepOnly(Set<ReplicaId> present) {
    for (ReplicaId known : Set.copyOf(replicas.keySet())) {
      ReplicaMeters gone = present.contains(known) ? null : replicas.remove(known);
      if (gone != null) {
        gone.close();
      }
    }
  }

  private ReplicaMeters meters(ReplicaId replica) {
    ReplicaMeters known = replicas.get(replica);
    return known != null
        ? known
        : replicas.computeIfAbsent(replica, id -> new ReplicaMeters(id, registry));
  }

  private Counter best(String model) {
    Counter known = bestMatched.get(model);
    return known != null
        ? known
        : bestMatched.computeIfAbsent(
            model, name -> registry.counter("kvroute.best.matched.tokens", "model", name));
  }
}
