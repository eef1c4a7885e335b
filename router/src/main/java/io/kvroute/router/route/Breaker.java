package io.kvroute.router.route;

/**
 * Keeps requests away from a replica that keeps failing them, so that one that fails at once, and
 * so looks idle, does not draw all traffic. From the second failure in a row it rests, each time
 * for longer; one success ends that. A request's own faults (4xx) are no failures, and where all
 * replicas rest all are used. Guarded by the router's lock.
 */
final class Breaker {

  private static final int TOLERATED_FAILURES = 1;
  private static final long FIRST_REST_NANOS = 500_000_000L;
  private static final long LONGEST_REST_NANOS = 30_000_000_000L;

  /** Enough to come from the first rest to the longest. */
  private static final int MAX_DOUBLINGS = 6;

  private final LoadTable loads;
  private final int slot;
  private int failures;

  Breaker(LoadTable loads, int slot) {
    this.loads = loads;
    this.slot = slot;
  }

  void ended(Outcome outcome, long nowNanos) {
    switch (outcome) {
      case Outcome.Completed completed -> succeeded();
      case Outcome.Refused refused -> {
        if (refused.status() < 500) {
          succeeded();
        } else {
          failed(nowNanos);
        }
      }
      case Outcome.ClientLeft left -> {}
      case Outcome.ReplicaFailed failed -> failed(nowNanos);
    }
  }

  private void succeeded() {
    failures = 0;
    loads.restsUntilNanos[slot] = LoadTable.NEVER_RESTED;
  }

  /** Requests that were under way when it began to rest and fail now are not counted again. */
  private void failed(long nowNanos) {
    if (loads.restsUntilNanos[slot] > nowNanos) {
      return;
    }
    failures++;
    if (failures > TOLERATED_FAILURES) {
      int doublings = Math.min(MAX_DOUBLINGS, failures - TOLERATED_FAILURES - 1);
      loads.restsUntilNanos[slot] =
          nowNanos + Math.min(LONGEST_REST_NANOS, FIRST_REST_NANOS << doublings);
    }
  }
}
