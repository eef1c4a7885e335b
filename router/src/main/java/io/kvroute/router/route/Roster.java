package io.kvroute.router.route;

import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.Holder;
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
final class Roster {

  final LoadTable loads = new LoadTable();

  private final Map<String, SpeedGroup> speeds = new HashMap<>();

  private final RouterOptions options;
  private final Map<Integer, BlockIndex> indexes = new HashMap<>();
  private final Map<ReplicaId, Member> byId = new LinkedHashMap<>();
  private @Nullable Member[] bySlot = {};
  private int[] blockSizes = {};
  private long version = -1;
  private long membershipVersion = -1;
  private volatile Map<String, ModelPool> pools = Map.of();

  Roster(RouterOptions options) {
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

  Member member(int slot) {
    return Objects.requireNonNull(bySlot[slot]);
  }

  @Nullable Member member(ReplicaId id) {
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
      Member member = view.replica().slot() < bySlot.length ? bySlot[view.replica().slot()] : null;
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
    List<Member> gone =
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
    Member member = new Member(view, shadow(view), new SpeedGroup(loads), loads);
    bySlot[slot] = member;
    blockSizes[slot] = member.blockSize();
    byId.put(view.id(), member);
    member.heard(view);
  }

  private void leave(Member member) {
    member.gone = true;
    byId.remove(member.replica.id());
    bySlot[member.slot] = null;
    forget(member.blockSize(), member.slot);
  }

  private void forget(int blockSize, int slot) {
    BlockIndex index = indexes.get(blockSize);
    if (index != null) {
      index.open(slot).close();
    }
  }

  private void update(Member member, ReplicaView view) {
    boolean restarted = view.restarts() != member.view.restarts();
    int numBlocks = numBlocks(view);
    boolean told = member.cache instanceof EventCache;
    if (!told && (restarted || blockSize(view) != member.blockSize())) {
      replace(member, shadow(view));
    } else if (member.cache instanceof ShadowCache shadowed) {
      shadowed.resize(numBlocks);
    }
    member.heard(view);
  }

  private void replace(Member member, ReplicaCache cache) {
    int old = member.blockSize();
    member.cache = cache;
    blockSizes[member.slot] = cache.blockSize();
    if (old != cache.blockSize()) {
      forget(old, member.slot);
    }
    member.refreshSpace();
    pools.values().forEach(ModelPool::refresh);
  }

  private ShadowCache shadow(ReplicaView view) {
    int blockSize = blockSize(view);
    return new ShadowCache(open(view, blockSize), numBlocks(view), blockSize);
  }

  private Holder open(ReplicaView view, int blockSize) {
    return indexes
        .computeIfAbsent(blockSize, size -> new BlockIndex(options.indexBytes()))
        .open(view.replica().slot());
  }

  private int blockSize(ReplicaView view) {
    int told = view.facts().blockSize();
    return told > 0 ? told : options.blockSize();
  }

  private int numBlocks(ReplicaView view) {
    int told = view.facts().numBlocks();
    return told > 1 ? told : options.blocks();
  }

  /** The holder for an engine's events; the engine's word replaces the model of its cache. */
  @Nullable Holder toldBy(ReplicaId id, int blockSize) {
    Member member = byId.get(id);
    if (member == null) {
      return null;
    }
    if (member.cache instanceof EventCache told && told.blockSize() == blockSize) {
      return told.holder();
    }
    EventCache told = new EventCache(open(member.view, blockSize), blockSize);
    replace(member, told);
    return told.holder();
  }

  void untold(ReplicaId id) {
    Member member = byId.get(id);
    if (member != null && member.cache instanceof EventCache) {
      replace(member, shadow(member.view));
    }
  }

  /** Begins the model of a replica's cache anew. */
  void distrust(ReplicaId id) {
    Member member = byId.get(id);
    if (member != null && member.cache instanceof ShadowCache) {
      replace(member, shadow(member.view));
    }
  }

  private void arrange(FleetSnapshot snapshot) {
    Map<String, ModelPool> arranged = new HashMap<>();
    for (String model : snapshot.models()) {
      ModelPool known = pools.get(model);
      ModelPool pool = known != null ? known : new ModelPool(Policies.make(options));
      List<Member> serving = new ArrayList<>();
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
    Map<String, List<Member>> byBase = new HashMap<>();
    for (Member member : byId.values()) {
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
