package io.kvroute.router.route;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import java.util.Objects;

/**
 * A replica as the router knows it: its cache, its queue, its speed. Guarded by the router's lock.
 */
final class RoutedReplica {

  /** Weight of the newest value in running means. */
  private static final double NEWEST = 0.1;

  final Replica replica;
  final int slot;
  final Pace pace = new Pace();
  final PrefillQueue queue;
  final Breaker breaker;

  ReplicaView view;
  SpeedGroup speed;
  final CacheKnowledge cache;

  /** Whether the replica has left the fleet, so that its slot may be another's. */
  boolean gone;

  private final LoadTable loads;

  RoutedReplica(ReplicaView view, CacheKnowledge cache, SpeedGroup speed, LoadTable loads) {
    this.replica = view.replica();
    this.slot = replica.slot();
    this.view = view;
    this.cache = cache;
    this.speed = speed;
    this.loads = loads;
    this.queue = new PrefillQueue(loads, slot);
    this.breaker = new Breaker(loads, slot);
  }

  boolean isUp() {
    return view.state() == ReplicaState.UP;
  }

  int blockSize() {
    return cache.blockSize();
  }

  /** What was reported and is not ours is others'. */
  void heard(ReplicaView heard) {
    if (view.loadReports() != heard.loadReports()) {
      int ours = loads.inflight[slot];
      int others = Math.max(0, heard.load().running() + heard.load().waiting() - ours);
      loads.foreignWaiting[slot] = Math.min(others, heard.load().waiting());
      loads.foreignRunning[slot] = others - loads.foreignWaiting[slot];
      if (others > 0) {
        queue.disturb();
      }
    }
    view = heard;
    refreshSpace();
  }

  /** Whether first tokens depend on more than we sent there and see. */
  boolean isDisturbed() {
    return loads.foreignRunning[slot] + loads.foreignWaiting[slot] > 0 || queue.hasUnseen();
  }

  /** So many sequences more, or less, are decoding there. */
  void decodes(int sequences) {
    loads.decoding[slot] += sequences;
  }

  /** A request ended so long after its first token. */
  void decodedFor(double seconds) {
    double mean = loads.decodeSeconds[slot];
    loads.decodeSeconds[slot] = mean == 0 ? seconds : mean + NEWEST * (seconds - mean);
  }

  /** The model whose weights it has loaded; empty while that is not known. */
  String baseModel() {
    for (ServedModel served : view.facts().models()) {
      if (served.parent() == null) {
        return Objects.requireNonNullElse(served.root(), served.id());
      }
    }
    return "";
  }

  String knowledge() {
    return view.state() == ReplicaState.STARTING ? "none" : cache.knowledge();
  }

  ReplicaStats stats() {
    return new ReplicaStats(
        loads.inflight[slot],
        (int) Math.round(loads.workAhead[slot] + loads.workBehind[slot]),
        cache.heldBlocks(),
        cache.capacityBlocks(),
        cache.blockSize(),
        loads.secondsPerToken[slot],
        knowledge(),
        cache.trust() == EventTrust.NONE ? ReplicaSlots.modelled(slot) : ReplicaSlots.heard(slot));
  }

  /** Time has passed there. */
  void advance(long nowNanos) {
    queue.settle(nowNanos);
    cache.advance(nowNanos);
    refreshSpace();
  }

  /** Enters in the load table what room the cache has. */
  void refreshSpace() {
    cache.space(Math.max(0, view.facts().numBlocks() - 1), view.load().kvUsage());
    double blockSize = cache.blockSize();
    int capacity = cache.capacityBlocks();
    loads.capacityTokens[slot] = capacity * blockSize;
    loads.freeTokens[slot] =
        capacity == 0 ? Double.POSITIVE_INFINITY : (capacity - cache.usedBlocks()) * blockSize;
    int taken = Math.max(cache.heldBlocks(), cache.usedBlocks());
    loads.emptyTokens[slot] =
        capacity == 0 ? Double.POSITIVE_INFINITY : Math.max(0, capacity - taken) * blockSize;
  }
}
