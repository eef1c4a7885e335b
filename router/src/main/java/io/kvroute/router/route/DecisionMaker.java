package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where decisions are made: gathers the candidates, looks up, has the policy pick, reserves and
 * predicts; and takes back what was reserved. Guarded by the router's lock.
 */
final class DecisionMaker {

  /** What became of a session's place. */
  enum Move {
    /** The request names no session, or one not seen lately. */
    NONE,
    STAYED,
    MOVED
  }

  /** Weight of the newest value in the mean of work. */
  private static final double NEWEST = 0.05;

  private final FleetRouter router;
  private final ReplicaRegistry roster;
  private final Candidates candidates;
  private final Lookup lookup;
  private final FollowUps followUps = new FollowUps();
  private final SessionTable sessions;
  private final String policyName;
  private final RandomGenerator random;
  private double meanWork;
  private Move lastMove = Move.NONE;

  DecisionMaker(
      FleetRouter router, ReplicaRegistry roster, RouterOptions options, RandomGenerator random) {
    this.router = router;
    this.roster = roster;
    this.random = random;
    this.candidates = new Candidates(roster.loads, random);
    this.lookup = new Lookup(roster);
    this.sessions = new SessionTable(options.sessionExpiryNanos());
    this.policyName = options.policy();
  }

  /** Decides and reserves; null where no replica is ready. */
  @Nullable Reservation reserve(ModelPool pool, RouteQuery query, LongSupplier clockNanos) {
    long nowNanos = clockNanos.getAsLong();
    lastMove = Move.NONE;
    roster.refreshSpeed(nowNanos);
    gather(pool, query, nowNanos);
    if (candidates.count == 0) {
      return null;
    }
    int bestMatched = match(pool, query);
    long lookedUpNanos = clockNanos.getAsLong();
    int position = pool.policy.pick(candidates);
    pool.policy.picked(candidates, position);
    RoutedReplica member = roster.member(candidates.slots[position]);
    lastMove = move(query, member.replica.id(), nowNanos);
    long pickNanos = clockNanos.getAsLong() - lookedUpNanos;
    RouteObserver.Routed routed =
        new RouteObserver.Routed(
            query.model(),
            member.replica.id(),
            policyName,
            query.keys().mode(),
            query.keys().tokens(),
            candidates.matchedTokens[position],
            bestMatched,
            candidates.toldTokens[position],
            lookedUpNanos - nowNanos,
            pickNanos);
    return enter(query, member, routed, nowNanos);
  }

  Move lastMove() {
    return lastMove;
  }

  private Reservation enter(
      RouteQuery query, RoutedReplica member, RouteObserver.Routed routed, long nowNanos) {
    LoadTable loads = roster.loads;
    double work = CostModel.work(routed.promptTokens(), routed.matchedTokens());
    int uncached = routed.promptTokens() - routed.matchedTokens();
    double slotWait = CostModel.slotWait(loads, member.slot, uncached);
    double queued = CostModel.queue(loads, member.slot, meanWork, nowNanos) + slotWait;
    double prefill = CostModel.prefill(loads, member.slot, work);
    double expected = queued + prefill + CostModel.step(loads, member.slot);
    Reservation.Wait wait =
        new Reservation.Wait(
            CostModel.waiting(loads, member.slot),
            CostModel.workLeft(loads, member.slot, meanWork, nowNanos) + work,
            CostModel.decoding(loads, member.slot));
    ReplicaCache.Passage passage =
        member.cache.expect(query.keys(), nowNanos + (long) (queued * 1e9), nowNanos);
    Reservation reservation =
        new Reservation(router, member, routed, passage, query, work, wait, expected, nowNanos);
    reservation.disturbed = slotWait > 0 || member.isDisturbed();
    if (query.keys().mode() != PromptMode.LOAD) {
      followUps.routed(query.keys().blocks(member.blockSize()));
    }
    loads.inflight[member.slot]++;
    member.queue.add(reservation, nowNanos);
    member.refreshSpace();
    meanWork += meanWork == 0 ? work : NEWEST * (work - meanWork);
    return reservation;
  }

  /** Those that can take the request; those to avoid or at rest only where no other can. */
  private void gather(ModelPool pool, RouteQuery query, long nowNanos) {
    candidates.begin(pool, query, nowNanos, meanWork);
    LoadTable loads = roster.loads;
    for (int pass = 0; pass < 3 && candidates.count == 0; pass++) {
      for (int slot : pool.readySlots()) {
        boolean rested = pass > 0 || loads.restsUntilNanos[slot] <= nowNanos;
        if (rested && (pass > 1 || !isToAvoid(query, slot))) {
          if (loads.settleNanos[slot] <= nowNanos) {
            roster.member(slot).queue.settle(nowNanos);
          }
          candidates.add(slot);
        }
      }
    }
    ReplicaId home = sessions.replicaOf(query, nowNanos);
    RoutedReplica host = home == null ? null : roster.member(home);
    candidates.homeSlot = host == null ? Candidates.NO_SLOT : host.slot;
  }

  private int match(ModelPool pool, RouteQuery query) {
    int matchedTokens = lookup.match(candidates);
    if (matchedTokens > 0) {
      for (int blockSize : pool.blockSizes()) {
        candidates.continued |=
            followUps.isFollowUp(query.keys().blocks(blockSize), matchedTokens / blockSize);
      }
    }
    return matchedTokens;
  }

  private boolean isToAvoid(RouteQuery query, int slot) {
    return !query.avoid().isEmpty() && query.avoid().contains(roster.member(slot).replica.id());
  }

  private Move move(RouteQuery query, ReplicaId replica, long nowNanos) {
    ReplicaId home = sessions.replicaOf(query, nowNanos);
    sessions.went(query, replica, nowNanos);
    if (home == null) {
      return Move.NONE;
    }
    return home.equals(replica) ? Move.STAYED : Move.MOVED;
  }

  /** What would become of a request, with chance drawn from elsewhere. */
  Explanation explain(
      ModelPool pool, RouteQuery query, long nowNanos, RandomGenerator otherRandom) {
    gather(pool, query, nowNanos);
    ReplicaId picked = null;
    if (candidates.count > 0) {
      match(pool, query);
      candidates.random = otherRandom;
      picked = roster.member(candidates.slots[pool.policy.pick(candidates)]).replica.id();
      candidates.random = random;
    }
    return Explainer.explain(query, candidates, lookup, picked);
  }

  void firstToken(Reservation reservation, long nowNanos) {
    if (reservation.firstTokenSeen || reservation.state == Reservation.State.CLOSED) {
      return;
    }
    reservation.firstTokenSeen = true;
    reservation.firstTokenNanos = nowNanos;
    leaveQueue(reservation, true, nowNanos);
    RoutedReplica member = reservation.member;
    if (!reservation.disturbed && !member.gone) {
      double seconds = (nowNanos - reservation.routedNanos) * 1e-9;
      member.speed.learn(member, reservation.wait, seconds, nowNanos);
    }
    reservation.passage.firstToken();
    member.advance(nowNanos);
  }

  void generated(Reservation reservation, int tokens) {
    if (reservation.state == Reservation.State.DECODING) {
      reservation.passage.generated(tokens);
      reservation.member.refreshSpace();
    }
  }

  /** Takes everything back; false where that was done before. */
  boolean close(Reservation reservation, Outcome outcome, long nowNanos) {
    if (reservation.state == Reservation.State.CLOSED) {
      return false;
    }
    leaveQueue(reservation, false, nowNanos);
    reservation.state = Reservation.State.CLOSED;
    reservation.passage.ended(outcome, reservation.generatedTokens());
    RoutedReplica member = reservation.member;
    if (!member.gone) {
      roster.loads.inflight[member.slot]--;
      member.decodes(-reservation.choices);
      if (outcome instanceof Outcome.Completed && reservation.firstTokenSeen) {
        member.decodedFor((nowNanos - reservation.firstTokenNanos) * 1e-9);
      }
      member.breaker.ended(outcome, nowNanos);
      member.advance(nowNanos);
    }
    return true;
  }

  private static void leaveQueue(Reservation reservation, boolean done, long nowNanos) {
    RoutedReplica member = reservation.member;
    if (reservation.state == Reservation.State.PREFILLING) {
      reservation.state = Reservation.State.DECODING;
      if (!member.gone) {
        member.queue.remove(reservation, done, nowNanos);
        member.decodes(reservation.choices);
      }
    }
  }
}
