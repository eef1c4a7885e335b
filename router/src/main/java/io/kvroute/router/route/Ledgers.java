package io.kvroute.router.route;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.Holder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The books of all replicas, and the indexes their caches are entered in: one for each block size,
 * for models differ by their keys' roots. Follows the fleet's snapshots. Confined to the router's
 * lock.
 */
final class Ledgers {

  /** How often the fleet's speed is worked out again. */
  private static final long SPEED_PERIOD_NANOS = 1_000_000_000L;

  /** A ledger with what it was made from. */
  private static final class Entry {
    final ReplicaLedger ledger;
    EngineFacts facts;
    EngineLoad load = EngineLoad.NONE;
    int restarts;

    Entry(ReplicaLedger ledger, ReplicaView view) {
      this.ledger = ledger;
      this.facts = view.facts();
      this.restarts = view.restarts();
    }
  }

  private final RouterOptions options;
  private final Map<Integer, BlockIndex> indexes = new HashMap<>();
  private @Nullable Entry[] bySlot = new @Nullable Entry[16];
  private long followedVersion = -1;
  private long speedWorkedOutNanos;

  Ledgers(RouterOptions options) {
    this.options = options;
  }

  /** Slots in use are smaller than this. */
  int slots() {
    return bySlot.length;
  }

  BlockIndex index(int blockSize) {
    return indexes.computeIfAbsent(blockSize, size -> new BlockIndex(options.indexBytes()));
  }

  /** The replica's ledger, null before its snapshot was followed. */
  @Nullable ReplicaLedger of(ReplicaView view) {
    int slot = view.replica().slot();
    Entry entry = slot < bySlot.length ? bySlot[slot] : null;
    return entry == null ? null : entry.ledger;
  }

  /** Brings the books up to a snapshot and to the present. */
  void follow(FleetSnapshot snapshot, long nowNanos) {
    if (snapshot.version() != followedVersion) {
      followedVersion = snapshot.version();
      Set<Integer> slots = new HashSet<>();
      for (ReplicaView view : snapshot.replicas()) {
        slots.add(view.replica().slot());
        follow(view);
      }
      for (int slot = 0; slot < bySlot.length; slot++) {
        Entry entry = bySlot[slot];
        if (entry != null && !slots.contains(slot)) {
          entry.ledger.close();
          bySlot[slot] = null;
        }
      }
    }
    for (Entry entry : bySlot) {
      if (entry != null) {
        entry.ledger.cache().advance(nowNanos);
      }
    }
    if (nowNanos - speedWorkedOutNanos > SPEED_PERIOD_NANOS) {
      speedWorkedOutNanos = nowNanos;
      shareSpeed();
    }
  }

  private void follow(ReplicaView view) {
    int slot = view.replica().slot();
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, 2 * bySlot.length));
    }
    Entry entry = bySlot[slot];
    if (entry == null || !entry.ledger.id().equals(view.id())) {
      if (entry != null) {
        entry.ledger.close();
      }
      entry = new Entry(open(view.replica(), view.facts()), view);
      bySlot[slot] = entry;
    }
    if (blockSize(view.facts()) != entry.ledger.blockSize()) {
      entry.ledger.cacheIs(blockSize(view.facts()), cache(view.replica(), view.facts()));
    }
    if (!entry.facts.equals(view.facts())) {
      entry.facts = view.facts();
      entry.ledger.cache().resize(blocks(view.facts()));
    }
    if (entry.restarts != view.restarts()) {
      entry.restarts = view.restarts();
      entry.ledger.cache().restart();
    }
    if (!entry.load.equals(view.load())) {
      entry.load = view.load();
      entry.ledger.scraped(view.load());
    }
  }

  private ReplicaLedger open(Replica replica, EngineFacts facts) {
    return new ReplicaLedger(replica, blockSize(facts), cache(replica, facts));
  }

  private ReplicaCache cache(Replica replica, EngineFacts facts) {
    Holder holder = index(blockSize(facts)).open(replica.slot());
    return replica.spec().kvEvents() == null
        ? new ShadowCache(holder, blocks(facts), blockSize(facts))
        : new EventCache(holder, blocks(facts), blockSize(facts));
  }

  private int blockSize(EngineFacts facts) {
    return facts.blockSize() > 0 ? facts.blockSize() : options.blockSize();
  }

  private int blocks(EngineFacts facts) {
    return facts.numBlocks() > 1 ? facts.numBlocks() : options.blocks();
  }

  /** The median of what mature replicas have shown is what young ones lean on. */
  private void shareSpeed() {
    PrefillRate[] mature =
        Arrays.stream(bySlot)
            .filter(Objects::nonNull)
            .map(entry -> entry.ledger.rate())
            .filter(rate -> !rate.isYoung())
            .toArray(PrefillRate[]::new);
    if (mature.length == 0) {
      return;
    }
    double seconds =
        median(Arrays.stream(mature).mapToDouble(PrefillRate::secondsPerToken).toArray());
    double overhead =
        median(Arrays.stream(mature).mapToDouble(PrefillRate::overheadSeconds).toArray());
    for (Entry entry : bySlot) {
      if (entry != null) {
        entry.ledger.fleetSpeed(seconds, overhead);
      }
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
