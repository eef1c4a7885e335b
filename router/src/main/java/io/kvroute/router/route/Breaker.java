package io.kvroute.router.route;

/**
 * A circuit breaker for one replica. A replica that fails every request at once looks idle and
 * would draw all traffic. The first failure is tolerated. The second failure in a row opens the
 * breaker for 0.5 s, and each further one opens it for twice as long as before, up to 30 s. While
 * it is open, the replica gets no requests unless the breakers of all replicas are open. One
 * success closes it. An error status below 500 is the client's fault and counts as a success. A
 * replica that hangs without failing is handled by {@link OverduePrefill}. Guarded by the router's
 * lock.
 */
final class Breaker {

  private static final int TOLERATED_FAILURES = 1;
  private static final long FIRST_OPEN_NANOS = 500_000_000L;
  private static final long LONGEST_OPEN_NANOS = 30_000_000_000L;

  /** Doublings that lead from the first duration to the longest. */
  private static final int MAX_DOUBLINGS = 6;

  private final LoadTable loads;
  private final int slot;
  private int failures;

  Breaker(LoadTable loads, int slot) {
    this.loads = loads;
    this.slot = slot;
  }

  /** A request at the replica has ended. */
  void ended(Outcome outcome, long nowNanos) {
    switch (outcome) {
      case Outcome.Completed completed -> close();
      case Outcome.Refused refused -> {
        if (refused.status() < 500) {
          close();
        } else {
          fail(nowNanos);
        }
      }
      case Outcome.ClientLeft left -> {}
      case Outcome.ReplicaFailed failed -> fail(nowNanos);
    }
  }

  private void close() {
    failures = 0;
    loads.breakerOpenUntilNanos[slot] = LoadTable.BREAKER_CLOSED;
  }

  /** Failures while the breaker is open do not count: their requests were sent before. */
  private void fail(long nowNanos) {
    if (loads.breakerOpenUntilNanos[slot] > nowNanos) {
      return;
    }
    failures++;
    if (failures > TOLERATED_FAILURES) {
      int doublings = Math.min(MAX_DOUBLINGS, failures - TOLERATED_FAILURES - 1);
      loads.breakerOpenUntilNanos[slot] =
          nowNanos + Math.min(LONGEST_OPEN_NANOS, FIRST_OPEN_NANOS << doublings);
    }
  }
}
