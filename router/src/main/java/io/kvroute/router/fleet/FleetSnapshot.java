package io.kvroute.router.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fleet at one moment. Immutable. */
public final class FleetSnapshot {

  static final FleetSnapshot EMPTY = new FleetSnapshot(0, List.of());

  private final long version;
  private final List<ReplicaView> replicas;
  private final Map<ReplicaId, ReplicaView> byId = new HashMap<>();
  private final Map<String, List<ReplicaView>> byModel = new LinkedHashMap<>();

  FleetSnapshot(long version, List<ReplicaView> replicas) {
    this.version = version;
    this.replicas = List.copyOf(replicas);
    for (ReplicaView view : replicas) {
      byId.put(view.id(), view);
      for (ServedModel model : view.facts().models()) {
        byModel.computeIfAbsent(model.id(), id -> new ArrayList<>()).add(view);
      }
    }
    byModel.replaceAll((model, views) -> List.copyOf(views));
  }

  /** Grows with every change. */
  public long version() {
    return version;
  }

  /** All replicas, in the order in which they were added. */
  public List<ReplicaView> replicas() {
    return replicas;
  }

  public @Nullable ReplicaView replica(ReplicaId id) {
    return byId.get(id);
  }

  /** Replicas that say they serve the model, ready or not; none for a model nobody serves. */
  public List<ReplicaView> serving(String model) {
    return byModel.getOrDefault(model, List.of());
  }

  /** Names of all models served, in the order in which they were first seen. */
  public List<String> models() {
    return List.copyOf(byModel.keySet());
  }

  /** Whether some replica can serve something now. */
  public boolean anyReady() {
    for (ReplicaView view : replicas) {
      if (view.state() == ReplicaState.UP) {
        return true;
      }
    }
    return false;
  }
}
