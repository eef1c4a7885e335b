package io.kvroute.router.route;

import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.IndexWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The router's picture of the fleet: a member for each replica, a pool for each model, an index for
 * each block size. Guarded by the router's lock, but for {@link #pool}.
 */
final class ReplicaRegistry {

  final LoadTable loads = new LoadTable();

  private final Map<String, SpeedGroup> speeds = new HashMap<>();

  private final RouterOptions options;
  private final Map<Integer, BlockIndex> indexes = new HashMap<>();
  private final Map<ReplicaId, RoutedReplica> byId = new LinkedHashMap<>();
  private @Nullable RoutedReplica[] bySlot = {};
  private int[] blockSizes = {};
  private long version = -1;
  private long membershipVersion = -1;
  private volatile Map<String, ModelPool> pools = Map.of();

  ReplicaRegistry(RouterOptions options) {
    this.options = options;
  }

  /** The pool of a model that some replica serves. Thread-safe. */
  @Nullable ModelPool pool(String model) {
    return pools.get(model);
  }

  /** Brings speeds up to date. */
  void refreshSpeed(long nowNanos) {
    for (SpeedGroup speed : speeds.values()) {
      speed.refresh(nowNanos);
    }
  }

  /** Slots are smaller than this. */
  int slots() {
    return bySlot.length;
  }

  RoutedReplica member(int slot) {
    return Objects.requireNonNull(bySlot[slot]);
  }

  @Nullable RoutedReplica member(ReplicaId id) {
    return byId.get(id);
  }

  int blockSize(int slot) {
    return blockSizes[slot];
  }

  @Nullable BlockIndex index(int blockSize) {
    return indexes.get(blockSize);
  }

  /** Takes in what is new in the fleet; a snapshot older than the last is passed over. */
  void follow(FleetSnapshot snapshot) {
    if (snapshot.version() <= version) {
      return;
    }
    version = snapshot.version();
    boolean rearrange = part(snapshot);
    for (ReplicaView view : snapshot.replicas()) {
      RoutedReplica member =
          view.replica().slot() < bySlot.length ? bySlot[view.replica().slot()] : null;
      if (member == null) {
        join(view);
        rearrange = true;
      } else if (!Objects.equals(member.view, view)) {
        rearrange |= differ(member.view, view);
        update(member, view);
      }
    }
    if (rearrange) {
      arrange(snapshot);
    }
  }

  /** Whether pools must know of the difference. */
  private static boolean differ(ReplicaView before, ReplicaView after) {
    return before.state() != after.state() || !before.facts().equals(after.facts());
  }

  /** Lets go of those that are not in the fleet any more. */
  private boolean part(FleetSnapshot snapshot) {
    if (snapshot.membershipVersion() == membershipVersion) {
      return false;
    }
    membershipVersion = snapshot.membershipVersion();
    List<RoutedReplica> gone =
        byId.values().stream()
            .filter(member -> snapshot.replica(member.replica.id()) == null)
            .toList();
    gone.forEach(this::leave);
    return !gone.isEmpty();
  }

  private void join(ReplicaView view) {
    int slot = view.replica().slot();
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
      blockSizes = Arrays.copyOf(blockSizes, bySlot.length);
    }
    loads.open(slot, view.replica().weight());
    CacheKnowledge cache = new CacheKnowledge(shadow(view, blockSize(view)));
    RoutedReplica member = new RoutedReplica(view, cache, new SpeedGroup(loads), loads);
    bySlot[slot] = member;
    blockSizes[slot] = member.blockSize();
    byId.put(view.id(), member);
    member.heard(view);
  }

  private void leave(RoutedReplica member) {
    member.gone = true;
    byId.remove(member.replica.id());
    bySlot[member.slot] = null;
    forget(member.blockSize(), member.slot);
  }

  private void forget(int blockSize, int slot) {
    BlockIndex index = indexes.get(blockSize);
    if (index != null) {
      index.open(ReplicaSlots.modelled(slot)).close();
      index.open(ReplicaSlots.heard(slot)).close();
    }
  }

  private void update(RoutedReplica member, ReplicaView view) {
    boolean restarted = view.restarts() != member.view.restarts();
    if (restarted) {
      member.cache.restart(shadow(view, member.blockSize()));
    }
    if (!member.cache.isSizeTold() && blockSize(view) != member.blockSize()) {
      resize(member, view, blockSize(view), false);
    }
    member.cache.resizeShadow(numBlocks(view));
    member.heard(view);
  }

  private void resize(RoutedReplica member, ReplicaView view, int blockSize, boolean asTold) {
    forget(member.blockSize(), member.slot);
    IndexWriter told =
        member.cache.isHeard() ? open(ReplicaSlots.heard(member.slot), blockSize) : null;
    member.cache.resize(shadow(view, blockSize), told, asTold);
    blockSizes[member.slot] = blockSize;
    member.refreshSpace();
    pools.values().forEach(ModelPool::refresh);
  }

  private ShadowCache shadow(ReplicaView view, int blockSize) {
    IndexWriter holder = open(ReplicaSlots.modelled(view.replica().slot()), blockSize);
    return new ShadowCache(holder, numBlocks(view), blockSize);
  }

  private IndexWriter open(int column, int blockSize) {
    return indexes
        .computeIfAbsent(blockSize, size -> new BlockIndex(options.indexBytes()))
        .open(column);
  }

  private int blockSize(ReplicaView view) {
    int told = view.facts().blockSize();
    return told > 0 ? told : options.blockSize();
  }

  private int numBlocks(ReplicaView view) {
    int told = view.facts().numBlocks();
    return told > 1 ? told : options.blocks();
  }

  /** The engine's events are heard from now on, and not believed yet. */
  void hear(ReplicaId id) {
    RoutedReplica member = byId.get(id);
    if (member != null && !member.cache.isHeard()) {
      member.cache.hear(open(ReplicaSlots.heard(member.slot), member.blockSize()));
      member.refreshSpace();
    }
  }

  /** The holder for an engine's events, which tell how large its blocks are. */
  @Nullable IndexWriter toldBy(ReplicaId id, int blockSize) {
    RoutedReplica member = byId.get(id);
    if (member == null) {
      return null;
    }
    hear(id);
    if (member.blockSize() != blockSize) {
      resize(member, member.view, blockSize, true);
    }
    return member.cache.toldHolder();
  }

  void believe(ReplicaId id, EventTrust trust) {
    RoutedReplica member = byId.get(id);
    if (member != null) {
      member.cache.believe(trust);
      member.refreshSpace();
    }
  }

  void forgetTold(ReplicaId id) {
    RoutedReplica member = byId.get(id);
    if (member != null) {
      member.cache.forgetTold();
      member.refreshSpace();
    }
  }

  /** What is heard comes from another process than before. */
  void restarted(ReplicaId id) {
    RoutedReplica member = byId.get(id);
    if (member != null) {
      member.cache.restart(shadow(member.view, member.blockSize()));
      member.refreshSpace();
    }
  }

  void untold(ReplicaId id) {
    RoutedReplica member = byId.get(id);
    if (member == null || !member.cache.isHeard()) {
      return;
    }
    open(ReplicaSlots.heard(member.slot), member.blockSize()).close();
    member.cache.unhear();
    if (blockSize(member.view) != member.blockSize()) {
      resize(member, member.view, blockSize(member.view), false);
    }
    member.refreshSpace();
  }

  /** Begins the model of a replica's cache anew, where it is believed. */
  void distrust(ReplicaId id) {
    RoutedReplica member = byId.get(id);
    if (member != null && member.cache.trust() != EventTrust.COMPLETE) {
      member.cache.renewShadow(shadow(member.view, member.blockSize()));
      member.refreshSpace();
    }
  }

  private void arrange(FleetSnapshot snapshot) {
    Map<String, ModelPool> arranged = new HashMap<>();
    for (String model : snapshot.models()) {
      ModelPool known = pools.get(model);
      ModelPool pool = known != null ? known : new ModelPool(Policies.make(options));
      List<RoutedReplica> serving = new ArrayList<>();
      for (ReplicaView view : snapshot.serving(model)) {
        serving.add(Objects.requireNonNull(byId.get(view.id())));
      }
      pool.members(serving);
      arranged.put(model, pool);
    }
    pools = Map.copyOf(arranged);
    groupBySpeed();
  }

  /** Puts replicas of one base model together: what their first tokens take is learned from all. */
  private void groupBySpeed() {
    Map<String, List<RoutedReplica>> byBase = new HashMap<>();
    for (RoutedReplica member : byId.values()) {
      byBase.computeIfAbsent(member.baseModel(), base -> new ArrayList<>()).add(member);
    }
    speeds.keySet().retainAll(byBase.keySet());
    byBase.forEach(
        (base, members) -> {
          SpeedGroup speed = speeds.computeIfAbsent(base, each -> new SpeedGroup(loads));
          speed.members(members);
          members.forEach(member -> member.speed = speed);
        });
  }
}
