package io.kvroute.router.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The speed group of each base model. Guarded by the router's lock. */
final class SpeedGroups {

  private final LoadTable loads;
  private final Map<String, SpeedGroup> byBaseModel = new HashMap<>();

  SpeedGroups(LoadTable loads) {
    this.loads = loads;
  }

  /** Puts replicas of one base model together. */
  void group(Collection<RoutedReplica> replicas) {
    Map<String, List<RoutedReplica>> grouped = new HashMap<>();
    for (RoutedReplica replica : replicas) {
      grouped.computeIfAbsent(replica.baseModel(), base -> new ArrayList<>()).add(replica);
    }
    byBaseModel.keySet().retainAll(grouped.keySet());
    grouped.forEach(
        (base, group) -> {
          SpeedGroup speed = byBaseModel.computeIfAbsent(base, each -> new SpeedGroup(loads));
          speed.setReplicas(group);
          group.forEach(replica -> replica.speed = speed);
        });
  }

  /** Recomputes speeds where that is due. */
  void refresh(long nowNanos) {
    for (SpeedGroup group : byBaseModel.values()) {
      group.refresh(nowNanos);
    }
  }
}
