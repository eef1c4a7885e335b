package io.kvroute.router.route;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import java.util.Objects;

/**
 * A replica as the router knows it: its cache, its queue, its speed. Keeps the replica's row of the
 * load table. Guarded by the router's lock.
 */
final class RoutedReplica {

  /** Weight of the newest value in the running mean of decode times. */
  private static final double NEWEST_WEIGHT = 0.1;

  final Replica identity;
  final int slot;
  final CacheKnowledge cache;
  final PrefillQueue queue;
  final Pace pace = new Pace();
  final ReplicaHealth health;

  ReplicaView view;
  SpeedGroup speed;

  /** Whether the replica has left the fleet, so that another replica may have its slot. */
  boolean gone;

  private final LoadTable loads;

  RoutedReplica(ReplicaView view, CacheKnowledge cache, SpeedGroup speed, LoadTable loads) {
    this.identity = view.replica();
    this.slot = identity.slot();
    this.view = view;
    this.cache = cache;
    this.speed = speed;
    this.loads = loads;
    this.queue = new PrefillQueue(loads, slot);
    this.health = new ReplicaHealth(loads, slot);
  }

  ReplicaId id() {
    return identity.id();
  }

  boolean isUp() {
    return view.state() == ReplicaState.UP;
  }

  /** Tokens in a block. */
  int blockSize() {
    return cache.blockSize();
  }

  /**
   * Applies the fleet's newer view of the replica. Reported load beyond our own requests in flight
   * belongs to other clients; it disturbs the requests that wait for their first token ({@link
   * PrefillQueue}).
   */
  void update(ReplicaView newView) {
    if (view.loadReports() != newView.loadReports()) {
      int reported = newView.load().running() + newView.load().waiting();
      int foreign = Math.max(0, reported - loads.inflight[slot]);
      loads.foreignWaiting[slot] = Math.min(foreign, newView.load().waiting());
      loads.foreignRunning[slot] = foreign - loads.foreignWaiting[slot];
      if (foreign > 0) {
        queue.disturb();
      }
    }
    view = newView;
    refreshSpace();
  }

  /**
   * Whether a request that joins the queue now is disturbed from the start ({@link PrefillQueue}).
   */
  boolean isDisturbed() {
    return loads.foreignRunning[slot] + loads.foreignWaiting[slot] > 0 || queue.hasUnstreamed();
  }

  /** Judges the replica's progress, at a cost of O(requests without a first token). */
  void judge(long nowNanos) {
    health.expect(queue.longestPredictedSeconds());
    health.check(nowNanos);
  }

  /** A request was routed here. */
  void reserve(Reservation reservation, long nowNanos) {
    loads.inflight[slot]++;
    queue.add(reservation, nowNanos);
    health.routed(reservation, nowNanos);
    refreshSpace();
  }

  /**
   * A request leaves the queue: its sequences decode from now on.
   *
   * @param done whether its prefill was completed
   */
  void endPrefill(Reservation reservation, boolean done, long nowNanos) {
    queue.remove(reservation, done, nowNanos);
    loads.decoding[slot] += reservation.choices;
  }

  /**
   * A request has ended.
   *
   * @param sequences sequences that it had decoding
   * @param decodeSeconds time from the first token to the end, negative where not known
   */
  void release(int sequences, double decodeSeconds) {
    loads.inflight[slot]--;
    loads.decoding[slot] -= sequences;
    if (decodeSeconds >= 0) {
      double mean = loads.decodeSeconds[slot];
      loads.decodeSeconds[slot] =
          mean == 0 ? decodeSeconds : mean + NEWEST_WEIGHT * (decodeSeconds - mean);
    }
  }

  /** The files of the model whose weights are loaded; empty while not known. */
  String baseModel() {
    ServedModel base = view.facts().base();
    return base == null ? "" : Objects.requireNonNullElse(base.root(), base.id());
  }

  /** How the cache is known: {@code events}, {@code shadow} or {@code none}. */
  String knowledge() {
    return view.state() == ReplicaState.STARTING ? "none" : cache.label();
  }

  ReplicaStats stats(long nowNanos) {
    boolean shadowed = cache.trust() == EventTrust.NONE;
    return new ReplicaStats(
        loads.inflight[slot],
        (int) Math.round(loads.prefillingWork[slot] + loads.queuedWork[slot]),
        loads.secondsPerToken[slot],
        new ReplicaStats.Cache(
            cache.heldBlocks(),
            cache.capacityBlocks(),
            cache.blockSize(),
            knowledge(),
            shadowed ? ReplicaSlots.shadow(slot) : ReplicaSlots.events(slot)),
        health.current());
  }

  /** Applies what happens at the replica up to this time without any signal. */
  void advance(long nowNanos) {
    if (gone) {
      return;
    }
    queue.assumePrefilled(nowNanos);
    cache.advance(nowNanos);
    refreshSpace();
  }

  /** Enters the cache's space in the load table, unless another replica may have the row. */
  void refreshSpace() {
    if (gone) {
      return;
    }
    cache.reportedSpace(Math.max(0, view.facts().numBlocks() - 1), view.load().kvUsage());
    int blockSize = cache.blockSize();
    int capacity = cache.capacityBlocks();
    int used = cache.usedBlocks();
    int held = Math.max(cache.heldBlocks(), used);
    loads.blockSize[slot] = blockSize;
    loads.capacityTokens[slot] = (double) capacity * blockSize;
    loads.freeTokens[slot] = capacity == 0 ? Double.POSITIVE_INFINITY : tokens(capacity - used);
    loads.emptyTokens[slot] =
        capacity == 0 ? Double.POSITIVE_INFINITY : tokens(Math.max(0, capacity - held));
  }

  private double tokens(int blocks) {
    return (double) blocks * cache.blockSize();
  }
}
