package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes a decision in one step: gathers the candidates, looks up what they hold, has the policy
 * pick one, reserves the work there and predicts the cache's new blocks. Guarded by the router's
 * lock.
 */
final class DecisionMaker {

  /** Weight of the newest value in the running mean of prefill work. */
  private static final double NEWEST_WEIGHT = 0.05;

  private final RouterContext context;
  private final LongSupplier clockNanos;
  private final ReplicaRegistry registry;
  private final LoadTable loads;
  private final Candidates candidates;
  private final Lookup lookup;
  private final FollowUps followUps = new FollowUps();
  private final SessionTable sessions;
  private final String policyName;
  private final RandomGenerator random;

  /** Mean prefill work of our own requests, in tokens. */
  private double meanWork;

  DecisionMaker(
      RouterContext context,
      ReplicaRegistry registry,
      RouterOptions options,
      RandomGenerator random) {
    this.context = context;
    this.clockNanos = context.clockNanos();
    this.registry = registry;
    this.loads = registry.loads;
    this.random = random;
    this.candidates = new Candidates(loads, followUps, random);
    this.lookup = new Lookup(registry);
    this.sessions = new SessionTable(options.sessionExpiryNanos());
    this.policyName = options.policy();
  }

  /** Decides and reserves. */
  Decision reserve(ModelPool pool, RouteQuery query) {
    long nowNanos = clockNanos.getAsLong();
    registry.speeds.refresh(nowNanos);
    gather(pool, query, nowNanos);
    if (candidates.count == 0) {
      return new Decision.NoneReady(pauseMillis(pool, query, nowNanos));
    }
    lookup.match(candidates);
    long lookedUpNanos = clockNanos.getAsLong();
    int position = pool.policy.pick(candidates);
    pool.policy.picked(candidates, position);
    RoutedReplica replica = registry.replica(candidates.slots[position]);
    SessionMove move = sessions.routed(query, replica.id(), nowNanos);
    long pickNanos = clockNanos.getAsLong() - lookedUpNanos;
    RouteObserver.Routed routed =
        new RouteObserver.Routed(
            query.model(),
            replica.id(),
            policyName,
            query.keys().mode(),
            candidates.match(position),
            new RouteObserver.DecisionTime(lookedUpNanos - nowNanos, pickNanos));
    return new Decision.Reserved(reserve(query, replica, routed, move, nowNanos));
  }

  private Reservation reserve(
      RouteQuery query,
      RoutedReplica replica,
      RouteObserver.Routed routed,
      SessionMove move,
      long nowNanos) {
    int slot = replica.slot;
    int matchedTokens = routed.match().tokens();
    double work = CostModel.work(routed.match().promptTokens(), matchedTokens);
    double slotWait =
        CostModel.slotWait(loads, slot, routed.match().promptTokens() - matchedTokens);
    double admission = CostModel.queue(loads, slot, meanWork, nowNanos) + slotWait;
    TtftModel.Inputs inputs =
        new TtftModel.Inputs(
            CostModel.waiting(loads, slot),
            CostModel.remainingWork(loads, slot, meanWork, nowNanos) + work,
            CostModel.decoding(loads, slot));
    Reservation.Prediction predicted =
        new Reservation.Prediction(
            inputs,
            work,
            admission + CostModel.prefill(loads, slot, work),
            slotWait > 0 || replica.isDisturbed(),
            nowNanos);
    CacheUse cacheUse =
        replica.cache.expect(query.keys(), nowNanos + (long) (admission * 1e9), nowNanos);
    Reservation reservation =
        new Reservation(context, replica, query, routed, move, cacheUse, predicted);
    if (query.keys().mode() != PromptMode.LOAD) {
      followUps.add(query.keys().blocks(replica.blockSize()));
    }
    replica.reserve(reservation, nowNanos);
    meanWork += meanWork == 0 ? work : NEWEST_WEIGHT * (work - meanWork);
    return reservation;
  }

  /**
   * Gathers the replicas that can take the request. Replicas out of rotation count only where there
   * is no other, and never for a request that needs a healthy one. A replica whose context is too
   * short for the request counts only if that of all others is too, or if the prompt's length is an
   * estimate and no replica with a longer context is ready.
   */
  private void gather(ModelPool pool, RouteQuery query, long nowNanos) {
    candidates.begin(pool, query, nowNanos, meanWork);
    int tokens = query.contextTokens();
    if (!pool.contextsDiffer(tokens)) {
      gather(pool, query, 0, nowNanos);
    } else {
      gather(pool, query, tokens, nowNanos);
      boolean estimated = !query.keys().mode().isExact();
      if (candidates.count == 0 && estimated) {
        gather(pool, query, 0, nowNanos);
      }
    }
    ReplicaId last = sessions.lastReplica(query, nowNanos);
    RoutedReplica replica = last == null ? null : registry.replica(last);
    candidates.sessionSlot = replica == null ? Candidates.NO_SLOT : replica.slot;
  }

  /** Gathers replicas with a context of so many tokens. */
  private void gather(ModelPool pool, RouteQuery query, int contextTokens, long nowNanos) {
    int[] slots = pool.readySlots();
    int passes = query.healthyOnly() ? 1 : 2;
    for (int pass = 0; pass < passes && candidates.count == 0; pass++) {
      for (int i = 0; i < slots.length; i++) {
        int slot = slots[i];
        if (pool.readyContexts()[i] < contextTokens) {
          continue;
        }
        boolean inRotation = pass > 0 || loads.outUntilNanos[slot] <= nowNanos;
        if (inRotation && loads.pausedUntilNanos[slot] <= nowNanos && !isExcluded(query, slot)) {
          if (loads.assumedPrefilledNanos[slot] <= nowNanos) {
            registry.replica(slot).queue.assumePrefilled(nowNanos);
          }
          candidates.add(slot);
        }
      }
    }
  }

  private boolean isExcluded(RouteQuery query, int slot) {
    return !query.excluded().isEmpty() && query.excluded().contains(registry.replica(slot).id());
  }

  /** How long the first replica that asked for a pause will be paused; 0 where none is. */
  private long pauseMillis(ModelPool pool, RouteQuery query, long nowNanos) {
    long shortest = Long.MAX_VALUE;
    for (int slot : pool.readySlots()) {
      if (loads.pausedUntilNanos[slot] > nowNanos && !isExcluded(query, slot)) {
        shortest = Math.min(shortest, loads.pausedUntilNanos[slot] - nowNanos);
      }
    }
    return shortest == Long.MAX_VALUE ? 0 : Math.ceilDiv(shortest, 1_000_000L);
  }

  /**
   * Explains what {@link #reserve} would decide. Changes nothing that a decision depends on.
   *
   * @param otherRandom breaks ties, so that the next decision's random numbers stay the same
   */
  Explanation explain(
      ModelPool pool, RouteQuery query, long nowNanos, RandomGenerator otherRandom) {
    gather(pool, query, nowNanos);
    ReplicaId picked = null;
    if (candidates.count > 0) {
      lookup.match(candidates);
      candidates.random = otherRandom;
      picked = registry.replica(candidates.slots[pool.policy.pick(candidates)]).id();
      candidates.random = random;
    }
    return Explainer.explain(query, candidates, lookup, picked);
  }
}
