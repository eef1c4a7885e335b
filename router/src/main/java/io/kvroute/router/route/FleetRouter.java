package io.kvroute.router.route;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.index.Rung;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides over a fleet. One short lock guards all state of decisions: replicas serve several models
 * and adapters from one cache and one queue, so that a lock for each model would not keep them
 * apart, and a decision takes microseconds.
 */
public final class FleetRouter implements Router {

  private final Fleet fleet;
  private final Ledgers ledgers;
  private final Policy policy;
  private final SessionTable sessions;
  private final RouteObserver observer;
  private final LongSupplier clockNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Candidates candidates = new Candidates();
  private final Lookup lookup;

  /**
   * A router over a fleet.
   *
   * @param random breaks ties; a seeded one makes decisions repeatable
   */
  public FleetRouter(
      Fleet fleet,
      RouterOptions options,
      RouteObserver observer,
      LongSupplier clockNanos,
      RandomGenerator random) {
    this.fleet = fleet;
    this.observer = observer;
    this.clockNanos = clockNanos;
    this.ledgers = new Ledgers(options);
    this.lookup = new Lookup(ledgers);
    this.sessions = new SessionTable(options.sessionExpiryNanos());
    this.policy = Policies.make(options, sessions, random);
  }

  @Override
  public Decision route(RouteQuery query) {
    lock.lock();
    try {
      FleetSnapshot snapshot = fleet.snapshot();
      List<ReplicaView> serving = snapshot.serving(query.model());
      if (serving.isEmpty()) {
        return new Decision.UnknownModel();
      }
      long nowNanos = clockNanos.getAsLong();
      ledgers.follow(snapshot, nowNanos);
      gather(serving, query);
      return candidates.count() == 0 ? new Decision.NoneReady() : go(query, nowNanos);
    } finally {
      lock.unlock();
    }
  }

  /** Where the request would go now, and why. Changes nothing. */
  public Explanation explain(RouteQuery query) {
    lock.lock();
    try {
      FleetSnapshot snapshot = fleet.snapshot();
      long nowNanos = clockNanos.getAsLong();
      ledgers.follow(snapshot, nowNanos);
      List<ReplicaView> serving = snapshot.serving(query.model());
      gather(serving, query);
      ReplicaId picked = null;
      if (candidates.count() > 0) {
        lookup.match(query.keys(), candidates);
        picked = candidates.ledger(policy.pick(candidates, query, nowNanos)).id();
      }
      return new Explanation(
          query.model(),
          query.keys().rung(),
          query.keys().tokens(),
          picked,
          explainEach(serving, query, nowNanos));
    } finally {
      lock.unlock();
    }
  }

  private List<Explanation.OfReplica> explainEach(
      List<ReplicaView> serving, RouteQuery query, long nowNanos) {
    candidates.reset(query.keys().tokens());
    List<ReplicaView> known = new ArrayList<>();
    for (ReplicaView view : serving) {
      ReplicaLedger ledger = ledgers.of(view);
      if (ledger != null) {
        candidates.add(ledger);
        known.add(view);
      }
    }
    lookup.match(query.keys(), candidates);
    List<Explanation.OfReplica> each = new ArrayList<>();
    for (int i = 0; i < candidates.count(); i++) {
      ReplicaLedger ledger = candidates.ledger(i);
      int matched = candidates.matchedTokens(i);
      each.add(
          new Explanation.OfReplica(
              ledger.id(),
              ledger.replica().url(),
              known.get(i).state(),
              matched,
              ledger.cache().knowledge(),
              ledger.cost(candidates.promptTokens(), matched, nowNanos)));
    }
    return each;
  }

  /** A replica's books; null for one that is not known. */
  public @Nullable ReplicaStats stats(ReplicaId id) {
    lock.lock();
    try {
      FleetSnapshot snapshot = fleet.snapshot();
      ledgers.follow(snapshot, clockNanos.getAsLong());
      ReplicaView view = snapshot.replica(id);
      ReplicaLedger ledger = view == null ? null : ledgers.of(view);
      return ledger == null ? null : ledger.stats();
    } finally {
      lock.unlock();
    }
  }

  /** Runs {@code change} under the lock, with the time. */
  void locked(LongConsumer change) {
    lock.lock();
    try {
      change.accept(clockNanos.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  void finished(RouteObserver.Finished finished) {
    observer.finished(finished);
  }

  /** Replicas that have just failed the request count only where no other is ready. */
  private void gather(List<ReplicaView> serving, RouteQuery query) {
    candidates.reset(query.keys().tokens());
    for (ReplicaView view : serving) {
      if (view.ready(query.model()) && !query.avoid().contains(view.id())) {
        addIfKnown(view);
      }
    }
    if (candidates.count() == 0) {
      for (ReplicaView view : serving) {
        if (view.ready(query.model())) {
          addIfKnown(view);
        }
      }
    }
  }

  private void addIfKnown(ReplicaView view) {
    ReplicaLedger ledger = ledgers.of(view);
    if (ledger != null) {
      candidates.add(ledger);
    }
  }

  private Decision go(RouteQuery query, long nowNanos) {
    lookup.match(query.keys(), candidates);
    long lookedUpNanos = clockNanos.getAsLong();
    int picked = policy.pick(candidates, query, nowNanos);
    ReplicaLedger ledger = candidates.ledger(picked);
    Reservation reservation = reserve(query, picked, nowNanos);
    observe(query, ledger, nowNanos);
    long pickedNanos = clockNanos.getAsLong();
    observer.routed(
        new RouteObserver.Routed(
            query.model(),
            ledger.id(),
            policy.name(),
            query.keys().rung(),
            query.keys().tokens(),
            reservation.matchedTokens(),
            candidates.bestMatchedTokens(),
            lookedUpNanos - nowNanos,
            pickedNanos - lookedUpNanos));
    return new Decision.Go(reservation);
  }

  private Reservation reserve(RouteQuery query, int picked, long nowNanos) {
    ReplicaLedger ledger = candidates.ledger(picked);
    int matched = candidates.matchedTokens(picked);
    Cost cost = ledger.cost(query.keys().tokens(), matched, nowNanos);
    long admissionNanos = nowNanos + Math.round(cost.queue() * 1e9);
    ReplicaCache.Passage passage =
        query.keys().rung() == Rung.LOAD
            ? NoPassage.INSTANCE
            : ledger.cache().expect(query.keys(), admissionNanos);
    Reservation reservation =
        new Reservation(
            this,
            query,
            ledger,
            passage,
            matched,
            candidates.bestMatchedTokens(),
            cost.queue() + cost.prefill(),
            nowNanos);
    reservation.reserve(nowNanos);
    return reservation;
  }

  private void observe(RouteQuery query, ReplicaLedger ledger, long nowNanos) {
    ReplicaId last = sessions.replicaOf(query, nowNanos);
    if (last != null) {
      observer.session(last.equals(ledger.id()));
    }
    sessions.went(query, ledger.id(), nowNanos);
  }
}
