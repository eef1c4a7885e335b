package io.kvroute.router.route;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.IndexWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The router of a fleet: takes the lock and delegates.
 *
 * <p>Thread-safe. One lock, held for microseconds, guards all state of decisions. A lock for each
 * model would not separate anything, because a replica serves several models and adapters from one
 * cache and one queue. Slow work, such as computing a prompt's keys, is done before the lock is
 * taken; observers and the fleet are called after it is released.
 */
public final class FleetRouter implements Router {

  private final ReentrantLock lock = new ReentrantLock();
  private final LongSupplier clockNanos;
  private final ReplicaRegistry registry;
  private final ReplicaCaches caches;
  private final DecisionMaker decisionMaker;

  /**
   * Creates a router that follows the fleet from now on.
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
    this.clockNanos = clockNanos;
    this.registry = new ReplicaRegistry(options);
    this.caches = registry.caches;
    RouterContext context = new RouterContext(lock, clockNanos, observer, fleet);
    this.decisionMaker = new DecisionMaker(context, registry, options, random);
    fleet.listen(this::follow);
    follow(fleet.snapshot());
  }

  private void follow(FleetSnapshot snapshot) {
    lock.lock();
    try {
      registry.follow(snapshot, clockNanos.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Decision route(RouteQuery query) {
    ModelPool pool = registry.pool(query.model());
    if (pool == null) {
      return new Decision.UnknownModel();
    }
    Lookup.prepare(pool, query.keys());
    Decision decision;
    lock.lock();
    try {
      decision = decisionMaker.reserve(pool, query);
    } finally {
      lock.unlock();
    }
    if (decision instanceof Decision.Reserved reserved) {
      reserved.reservation().reportRouted();
    }
    return decision;
  }

  /**
   * Judges the progress of all replicas; to be called a few times a second.
   *
   * @return the health of replicas whose state has changed since the last call
   */
  public Map<ReplicaId, Health> watch() {
    Map<ReplicaId, Health> changes = new LinkedHashMap<>();
    lock.lock();
    try {
      long nowNanos = clockNanos.getAsLong();
      for (RoutedReplica replica : registry.replicas()) {
        replica.judge(nowNanos);
        Health change = replica.health.change();
        if (change != null) {
          changes.put(replica.id(), change);
        }
      }
    } finally {
      lock.unlock();
    }
    return changes;
  }

  /** Explains where the request would be sent now. Changes nothing. */
  public Explanation explain(RouteQuery query) {
    ModelPool known = registry.pool(query.model());
    ModelPool pool = known == null ? ModelPool.NONE : known;
    Lookup.prepare(pool, query.keys());
    lock.lock();
    try {
      long nowNanos = clockNanos.getAsLong();
      return decisionMaker.explain(pool, query, nowNanos, new SplittableRandom(nowNanos));
    } finally {
      lock.unlock();
    }
  }

  /** The router's figures for a replica; null for a replica that is not in the fleet. */
  public @Nullable ReplicaStats stats(ReplicaId id) {
    lock.lock();
    try {
      RoutedReplica replica = registry.replica(id);
      return replica == null ? null : replica.stats(clockNanos.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /** The index of blocks of this size, in tokens; null where no replica uses the size. */
  public @Nullable BlockIndex index(int blockSize) {
    lock.lock();
    try {
      return caches.index(blockSize);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts to keep an event view of the replica's cache (see {@link CacheKnowledge}). The view is
   * not trusted yet, but every request is entered in it too, so that it can be trusted at any
   * moment.
   */
  public void startEvents(ReplicaId id) {
    change(id, caches::startEvents);
  }

  /**
   * The holder through which the replica's KV events are entered in the index.
   *
   * @param blockSize tokens in a block, as the events report
   * @return null where the replica is not in the fleet
   */
  public @Nullable IndexWriter eventHolder(ReplicaId id, int blockSize) {
    lock.lock();
    try {
      RoutedReplica replica = registry.replica(id);
      return replica == null ? null : caches.eventHolder(replica, blockSize);
    } finally {
      lock.unlock();
    }
  }

  /** Sets how far the replica's events are trusted; the shadow answers for the rest. */
  public void trustEvents(ReplicaId id, EventTrust trust) {
    change(id, replica -> ReplicaCaches.trustEvents(replica, trust));
  }

  /** Empties the replica's event view, except for the predicted blocks of requests in flight. */
  public void clearEventView(ReplicaId id) {
    change(id, ReplicaCaches::clearEventView);
  }

  /**
   * The replica's events come from a new engine process: drops the predicted blocks of requests
   * sent to the old process, and trusts no events until {@link #trustEvents} is called again.
   */
  public void engineRestarted(ReplicaId id) {
    change(id, caches::engineRestarted);
  }

  /** Drops the replica's event view; its shadow takes over. */
  public void stopEvents(ReplicaId id) {
    change(id, caches::stopEvents);
  }

  /**
   * The replica's shadow proved wrong: replaces it with an empty one, unless complete events are
   * trusted. The event view stays.
   */
  public void resetShadow(ReplicaId id) {
    change(id, caches::resetShadow);
  }

  private void change(ReplicaId id, Consumer<RoutedReplica> change) {
    lock.lock();
    try {
      RoutedReplica replica = registry.replica(id);
      if (replica != null) {
        change.accept(replica);
      }
    } finally {
      lock.unlock();
    }
  }
}
