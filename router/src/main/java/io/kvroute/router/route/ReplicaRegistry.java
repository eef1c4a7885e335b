package io.kvroute.router.route;

import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The replicas and models that the router knows, kept up to date from the fleet's snapshots.
 * Guarded by the router's lock, except {@link #pool}.
 */
final class ReplicaRegistry {

  final LoadTable loads = new LoadTable();
  final SpeedGroups speeds = new SpeedGroups(loads);
  final ReplicaCaches caches;

  private final RouterOptions options;
  private final Map<ReplicaId, RoutedReplica> byId = new LinkedHashMap<>();
  private @Nullable RoutedReplica[] bySlot = {};
  private long version = -1;
  private long membershipVersion = -1;
  private volatile Map<String, ModelPool> pools = Map.of();

  ReplicaRegistry(RouterOptions options) {
    this.options = options;
    this.caches = new ReplicaCaches(options, this::refreshPools);
  }

  /** The pool of a model, null where no replica serves it. Thread-safe. */
  @Nullable ModelPool pool(String model) {
    return pools.get(model);
  }

  /** An upper bound of all slots. */
  int slots() {
    return bySlot.length;
  }

  /** The replica in a slot that is taken. */
  RoutedReplica replica(int slot) {
    return Objects.requireNonNull(bySlot[slot]);
  }

  Collection<RoutedReplica> replicas() {
    return byId.values();
  }

  @Nullable RoutedReplica replica(ReplicaId id) {
    return byId.get(id);
  }

  /** Applies a snapshot; one that is older than the last is ignored. */
  void follow(FleetSnapshot snapshot, long nowNanos) {
    if (snapshot.version() <= version) {
      return;
    }
    version = snapshot.version();
    boolean poolsChange = removeGone(snapshot);
    for (ReplicaView view : snapshot.replicas()) {
      int slot = view.replica().slot();
      RoutedReplica replica = slot < bySlot.length ? bySlot[slot] : null;
      if (replica == null) {
        add(view);
        poolsChange = true;
      } else if (!Objects.equals(replica.view, view)) {
        poolsChange |= changesPools(replica.view, view);
        caches.follow(replica, view);
        if (view.restarts() != replica.view.restarts()) {
          replica.health.restarted(nowNanos);
        }
        replica.update(view);
      }
    }
    if (poolsChange) {
      rebuildPools(snapshot);
    }
  }

  private static boolean changesPools(ReplicaView before, ReplicaView after) {
    return before.state() != after.state() || !before.facts().equals(after.facts());
  }

  private boolean removeGone(FleetSnapshot snapshot) {
    if (snapshot.membershipVersion() == membershipVersion) {
      return false;
    }
    membershipVersion = snapshot.membershipVersion();
    List<RoutedReplica> gone =
        byId.values().stream().filter(each -> snapshot.replica(each.id()) == null).toList();
    gone.forEach(this::remove);
    return !gone.isEmpty();
  }

  private void add(ReplicaView view) {
    int slot = view.replica().slot();
    if (slot >= bySlot.length) {
      bySlot = Arrays.copyOf(bySlot, Math.max(slot + 1, bySlot.length * 2));
    }
    loads.open(slot, view.replica().weight());
    RoutedReplica replica =
        new RoutedReplica(view, caches.create(view), new SpeedGroup(loads), loads);
    bySlot[slot] = replica;
    byId.put(view.id(), replica);
    replica.update(view);
  }

  private void remove(RoutedReplica replica) {
    replica.gone = true;
    byId.remove(replica.id());
    bySlot[replica.slot] = null;
    caches.remove(replica);
  }

  private void refreshPools() {
    pools.values().forEach(ModelPool::refresh);
  }

  private void rebuildPools(FleetSnapshot snapshot) {
    Map<String, ModelPool> rebuilt = new HashMap<>();
    for (String model : snapshot.models()) {
      ModelPool known = pools.get(model);
      ModelPool pool = known != null ? known : new ModelPool(model, Policies.create(options));
      List<RoutedReplica> serving = new ArrayList<>();
      for (ReplicaView view : snapshot.serving(model)) {
        serving.add(Objects.requireNonNull(byId.get(view.id())));
      }
      pool.setReplicas(serving);
      rebuilt.put(model, pool);
    }
    pools = Map.copyOf(rebuilt);
    speeds.group(byId.values());
  }
}
