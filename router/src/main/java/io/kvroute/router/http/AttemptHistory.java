package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import java.util.HashSet;
import java.util.Set;

/** How often a request has been sent, and which replicas failed to serve it. */
final class AttemptHistory {

  private final int maxAttempts;
  private int attempts;
  private Set<ReplicaId> failedReplicas = Set.of();

  AttemptHistory(int maxAttempts) {
    this.maxAttempts = maxAttempts;
  }

  void begin() {
    attempts++;
  }

  /** Records that a replica did not serve the request; returns whether another attempt is left. */
  boolean mayRetryAfter(ReplicaId replica) {
    Set<ReplicaId> more = new HashSet<>(failedReplicas);
    more.add(replica);
    failedReplicas = more;
    return attempts < maxAttempts;
  }

  /** Replicas that did not serve the request. */
  Set<ReplicaId> failedReplicas() {
    return failedReplicas;
  }

  /** Whether a replica that has not failed is ready for the model. */
  boolean isAnotherReady(Fleet fleet, String model) {
    for (ReplicaView replica : fleet.snapshot().serving(model)) {
      if (replica.ready(model) && !failedReplicas.contains(replica.id())) {
        return true;
      }
    }
    return false;
  }
}
