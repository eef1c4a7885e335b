package io.kvroute.router.route;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a replica stays in rotation: a circuit breaker that judges the engine's progress,
 * not its API server's answers. Guarded by the router's lock, except {@link #progressed}.
 *
 * <p>Evidence against the replica is a failed request (a status from 500, a lost connection), and
 * time in which streamed requests wait for their first token, longer than predicted, while no
 * stream makes progress ({@link LateTime}). From the second failure in a row, or when too much time
 * is late, the replica is out of rotation: for 0.5 s at first and twice as long each time, up to 30
 * s. Then it is half-open: one request at a time tries it. Requests go to a replica that is out
 * only if all are.
 *
 * <p>Only what the engine computed brings a replica back: a first token or a completed generation.
 * Everything else is neutral: a status below 500, an answer of the API server alone, a client that
 * leaves, a successful probe.
 */
final class ReplicaHealth {

  private static final int TOLERATED_FAILURES = 1;
  private static final long FIRST_OUT_NANOS = 500_000_000L;
  private static final long LONGEST_OUT_NANOS = 30_000_000_000L;

  /** Enough to get from the first duration to the longest. */
  private static final int MAX_DOUBLINGS = 6;

  private static final int INTERNAL_ERROR = 500;
  private static final int NOT_IMPLEMENTED = 501;

  private final LoadTable loads;
  private final int slot;
  private final LateTime late = new LateTime();
  private final Pauses pauses = new Pauses();
  private int failures;
  private String reason = "";
  private @Nullable Reservation trial;
  private Health reported = Health.WELL;

  ReplicaHealth(LoadTable loads, int slot) {
    this.loads = loads;
    this.slot = slot;
  }

  /** A request was routed to the replica. */
  void routed(Reservation reservation, long nowNanos) {
    if (isOut() && loads.outUntilNanos[slot] <= nowNanos) {
      trial = reservation;
      loads.outUntilNanos[slot] = nowNanos + LONGEST_OUT_NANOS;
    }
    if (reservation.streamed) {
      late.joined(reservation.predicted.ttftSeconds(), nowNanos);
    }
  }

  /** The first token of a request has arrived. */
  void firstToken(Reservation reservation, long nowNanos) {
    late.progressed(nowNanos);
    pauses.engineWorks(nowNanos);
    if (reservation.streamed) {
      late.left(nowNanos);
    }
    recover();
  }

  /** Sets the longest predicted time to first token of the streamed requests that wait. */
  void expect(double longestPredictedSeconds) {
    late.expect(longestPredictedSeconds);
  }

  /** A stream has made progress. Needs no lock. */
  void progressed(long nowNanos) {
    late.chunk(nowNanos);
  }

  /**
   * A request at the replica has ended.
   *
   * @param awaited whether it was streamed and still had no first token
   */
  void ended(Reservation reservation, boolean awaited, Outcome outcome, long nowNanos) {
    if (awaited) {
      late.left(nowNanos);
    }
    boolean tried = trial == reservation;
    trial = tried ? null : trial;
    switch (outcome) {
      case Outcome.Completed completed -> {
        late.progressed(nowNanos);
        recover();
      }
      case Outcome.Refused refused -> {
        pause(refused.retryAfterNanos(), nowNanos);
        if (refused.status() < INTERNAL_ERROR || refused.status() == NOT_IMPLEMENTED) {
          remainHalfOpen(tried, nowNanos);
        } else {
          fail("it answered " + refused.status(), tried, nowNanos);
        }
      }
      case Outcome.Relayed relayed -> remainHalfOpen(tried, nowNanos);
      case Outcome.Moved moved -> remainHalfOpen(tried, nowNanos);
      case Outcome.ClientLeft left -> {
        if (tried && awaited && (late.isAnyLate() || late.isStalled(0, nowNanos))) {
          fail("no token for the request that tried it", true, nowNanos);
        } else {
          remainHalfOpen(tried, nowNanos);
        }
      }
      case Outcome.ReplicaFailed failed -> fail(failed.reason(), tried, nowNanos);
    }
    check(nowNanos);
  }

  /**
   * Takes the replica out of rotation if too much time is late. While a trial waits, it alone
   * decides.
   */
  void check(long nowNanos) {
    double seconds = late.excessSeconds(loads.logDeviation[slot], nowNanos);
    if (seconds > 0) {
      late.stalled(nowNanos);
      if (trial == null) {
        boolean counts = !isOut();
        failures = Math.max(failures, TOLERATED_FAILURES);
        fail(
            String.format(Locale.ROOT, "no token for %.1f s while requests wait", seconds),
            counts,
            nowNanos);
      }
    }
  }

  /** A new engine process starts with a clean record. */
  void restarted(long nowNanos) {
    pauses.forget();
    late.progressed(nowNanos);
    loads.pausedUntilNanos[slot] = LoadTable.NOT_PAUSED;
    recover();
  }

  /** Whether the engine has stalled and has made no progress for at least so long. */
  boolean isStalled(long nanos, long nowNanos) {
    return isOut() && late.isStalled(nanos, nowNanos);
  }

  /** Whether the engine has brought no token for at least so long. */
  boolean isQuiet(long nanos, long nowNanos) {
    return late.isQuiet(nanos, nowNanos);
  }

  Pauses pauses() {
    return pauses;
  }

  boolean isOut() {
    return failures > TOLERATED_FAILURES;
  }

  Health current() {
    Health.State state =
        isOut() ? Health.State.OUT : failures > 0 ? Health.State.SUSPECT : Health.State.WELL;
    return new Health(state, reason);
  }

  /** What {@link #current} returns if its state has changed since the last call, else null. */
  @Nullable Health change() {
    Health now = current();
    if (now.state() == reported.state()) {
      return null;
    }
    reported = now;
    return now;
  }

  private void recover() {
    failures = 0;
    reason = "";
    trial = null;
    loads.outUntilNanos[slot] = LoadTable.NOT_OUT;
  }

  /** The trial proved nothing, so that the next request is a trial again. */
  private void remainHalfOpen(boolean tried, long nowNanos) {
    if (tried && isOut()) {
      loads.outUntilNanos[slot] = nowNanos;
    }
  }

  /**
   * Failures while the replica is out do not count: their requests were sent before. The trial's
   * does.
   */
  private void fail(String why, boolean counts, long nowNanos) {
    if (!counts && loads.outUntilNanos[slot] > nowNanos) {
      return;
    }
    failures++;
    reason = why;
    if (isOut()) {
      int doublings = Math.min(MAX_DOUBLINGS, failures - TOLERATED_FAILURES - 1);
      loads.outUntilNanos[slot] =
          nowNanos + Math.min(LONGEST_OUT_NANOS, FIRST_OUT_NANOS << doublings);
    }
  }

  /** The pause that the replica last asked for counts. */
  private void pause(long nanos, long nowNanos) {
    if (nanos > 0) {
      loads.pausedUntilNanos[slot] = nowNanos + nanos;
    }
  }
}
