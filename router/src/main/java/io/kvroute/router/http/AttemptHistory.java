package io.kvroute.router.http;

import io.kvroute.router.fleet.ReplicaId;
import java.util.HashSet;
import java.util.Set;

/** How often a request has been sent, and to whom it is better not sent again. */
final class AttemptHistory {

  private final int max;
  private int made;
  private Set<ReplicaId> failed = Set.of();

  AttemptHistory(int max) {
    this.max = max;
  }

  void begin() {
    made++;
  }

  /** Notes that a replica did not serve the request; whether it may be sent once more. */
  boolean againAfter(ReplicaId replica) {
    Set<ReplicaId> more = new HashSet<>(failed);
    more.add(replica);
    failed = more;
    return made < max;
  }

  /** Replicas that did not serve the request. */
  Set<ReplicaId> failed() {
    return failed;
  }
}
