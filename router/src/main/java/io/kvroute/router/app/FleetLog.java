package io.kvroute.router.app;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs every change of a replica's state, whoever notices it: probes, requests, operators. Called
 * by the fleet, one call at a time.
 */
final class FleetLog {

  private static final Logger log = LoggerFactory.getLogger(FleetLog.class);

  private List<ReplicaView> before = List.of();
  private long membershipVersion;

  /** Starts to log the changes of {@code fleet}. */
  static void start(Fleet fleet) {
    fleet.listen(new FleetLog()::changed);
  }

  private void changed(FleetSnapshot snapshot) {
    List<ReplicaView> now = snapshot.replicas();
    if (snapshot.membershipVersion() == membershipVersion) {
      for (int i = 0; i < now.size(); i++) {
        compare(before.get(i), now.get(i));
      }
    } else {
      membershipChanged(now);
    }
    before = now;
    membershipVersion = snapshot.membershipVersion();
  }

  private void membershipChanged(List<ReplicaView> now) {
    Map<ReplicaId, ReplicaView> gone = new HashMap<>();
    before.forEach(view -> gone.put(view.id(), view));
    for (ReplicaView view : now) {
      ReplicaView known = gone.remove(view.id());
      if (known == null) {
        log.info("replica {} at {} joins", view.id(), view.replica().url());
      } else {
        compare(known, view);
      }
    }
    gone.values().forEach(view -> log.info("replica {} is removed", view.id()));
  }

  private static void compare(ReplicaView old, ReplicaView view) {
    if (old.drained() != view.drained()) {
      log.info(
          view.drained()
              ? "replica {} at {} is drained: no new requests until an operator undoes it"
              : "replica {} at {} is no longer drained",
          view.id(),
          view.replica().url());
    }
    if (old.restarts() != view.restarts()) {
      log.info("replica {} at {} has restarted", view.id(), view.replica().url());
    }
    if (old.health() == view.health()) {
      return;
    }
    if (view.health() == ReplicaState.UP) {
      log.info(
          "replica {} at {} is up and serves {}",
          view.id(),
          view.replica().url(),
          view.facts().models().stream().map(ServedModel::id).toList());
    } else {
      log.warn(
          "replica {} at {} is {}: {}",
          view.id(),
          view.replica().url(),
          view.health().label(),
          String.join("; ", view.warnings()));
    }
  }
}
