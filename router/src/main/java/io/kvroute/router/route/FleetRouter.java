package io.kvroute.router.route;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.IndexWriter;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides over a fleet.
 *
 * <p>Thread-safe. One short lock guards all state of decisions: replicas serve several models and
 * adapters from one cache and one queue, so that a lock for each model would not keep them apart.
 * What is slow, such as making a prompt's keys, is done before it is taken; the observer and the
 * fleet are told after it was given back.
 */
public final class FleetRouter implements Router {

  private final Fleet fleet;
  private final RouteObserver observer;
  private final LongSupplier clockNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReplicaRegistry roster;
  private final DecisionMaker desk;

  /**
   * A router that follows the fleet from now on.
   *
   * @param clockNanos nanoseconds of any clock that does not go backwards
   * @param random breaks ties, under the router's lock; a seeded one makes decisions repeatable
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
    this.roster = new ReplicaRegistry(options);
    this.desk = new DecisionMaker(this, roster, options, random);
    fleet.listen(this::follow);
    follow(fleet.snapshot());
  }

  private void follow(FleetSnapshot snapshot) {
    locked(() -> roster.follow(snapshot));
  }

  @Override
  public Decision route(RouteQuery query) {
    ModelPool pool = roster.pool(query.model());
    if (pool == null) {
      return new Decision.UnknownModel();
    }
    Lookup.prepare(pool, query.keys());
    Reservation reservation;
    DecisionMaker.Move move;
    lock.lock();
    try {
      reservation = desk.reserve(pool, query, clockNanos);
      move = desk.lastMove();
    } finally {
      lock.unlock();
    }
    if (reservation == null) {
      return new Decision.NoneReady();
    }
    observer.routed(reservation.routed);
    if (move != DecisionMaker.Move.NONE) {
      observer.session(move == DecisionMaker.Move.STAYED);
    }
    return new Decision.Go(reservation);
  }

  /** Where the request would go now, and why. Changes nothing. */
  public Explanation explain(RouteQuery query) {
    ModelPool known = roster.pool(query.model());
    ModelPool pool = known == null ? ModelPool.NONE : known;
    Lookup.prepare(pool, query.keys());
    lock.lock();
    try {
      long nowNanos = clockNanos.getAsLong();
      return desk.explain(pool, query, nowNanos, new SplittableRandom(nowNanos));
    } finally {
      lock.unlock();
    }
  }

  /** A replica's books; null for one that is not known. */
  public @Nullable ReplicaStats stats(ReplicaId id) {
    lock.lock();
    try {
      RoutedReplica member = roster.member(id);
      return member == null ? null : member.stats();
    } finally {
      lock.unlock();
    }
  }

  /** The index for blocks of this size, null where no replica has such. */
  public @Nullable BlockIndex index(int blockSize) {
    lock.lock();
    try {
      return roster.index(blockSize);
    } finally {
      lock.unlock();
    }
  }

  /**
   * An engine's events are heard from now on. They are not believed yet, but every request is kept
   * in mind for them too, so that they can be at any moment.
   */
  public void hear(ReplicaId replica) {
    locked(() -> roster.hear(replica));
  }

  /**
   * The hand on the index through which an engine's events are entered.
   *
   * @param blockSize tokens in a block, as the events tell
   * @return null where the replica is not in the fleet
   */
  public @Nullable IndexWriter toldBy(ReplicaId replica, int blockSize) {
    lock.lock();
    try {
      return roster.toldBy(replica, blockSize);
    } finally {
      lock.unlock();
    }
  }

  /** How far the engine's events are believed from now on; the model of its cache has the rest. */
  public void believe(ReplicaId replica, EventTrust trust) {
    locked(() -> roster.believe(replica, trust));
  }

  /** What the engine told is gone, or not sure any more; requests under way are not forgotten. */
  public void forgetTold(ReplicaId replica) {
    locked(() -> roster.forgetTold(replica));
  }

  /**
   * The engine's events come from another process than before: nothing is expected any more of what
   * was sent to the old one, and events are not believed until that is said again.
   */
  public void restarted(ReplicaId replica) {
    locked(() -> roster.restarted(replica));
  }

  /** The engine's events are heard no more: the model of its cache takes their place. */
  public void untold(ReplicaId replica) {
    locked(() -> roster.untold(replica));
  }

  /**
   * What was believed of the replica's cache has turned out not to be there: a model of its cache
   * begins anew. What the engine itself tells is left as it is.
   */
  public void distrust(ReplicaId replica) {
    locked(() -> roster.distrust(replica));
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  void firstToken(Reservation reservation) {
    lock.lock();
    try {
      desk.firstToken(reservation, clockNanos.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  void generated(Reservation reservation, int tokens) {
    lock.lock();
    try {
      desk.generated(reservation, tokens);
    } finally {
      lock.unlock();
    }
  }

  void answered(Reservation reservation, int[] ids) {
    lock.lock();
    try {
      reservation.passage.answered(ids);
    } finally {
      lock.unlock();
    }
  }

  void close(Reservation reservation, Outcome outcome) {
    lock.lock();
    try {
      if (!desk.close(reservation, outcome, clockNanos.getAsLong())) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (outcome instanceof Outcome.Completed completed) {
      observer.finished(reservation.finished(completed));
    }
    if (outcome instanceof Outcome.ReplicaFailed failed && !failed.reached()) {
      fleet.down(reservation.replica().id(), failed.reason());
    }
  }
}
