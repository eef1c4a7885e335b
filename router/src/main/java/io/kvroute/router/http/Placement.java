package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.http.ExchangeState.AwaitingResponse;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.route.Outcome;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may stay at its replica, from the fleet's state and the replica's
 * progress. Thread-safe.
 *
 * <p>A request that waits at a replica that is drained, down or removed, or whose engine has
 * stalled, should move. A stream must end when it has been silent for longer than three times the
 * longest pause that its engine's streams have shown, and at least for {@code silenceMillis}; half
 * of that minimum is enough where the replica is down or removed. A replica that is down but brings
 * tokens is only slow to answer probes, so its requests stay. An answer that is not streamed gives
 * no signal of its own, so its silence never counts.
 */
final class Placement {

  static final String TIMEOUT = "timeout";

  /** The replica has sent nothing for as long as any answer may take. */
  static final End EXPIRED = new End(ApiErrors.upstreamTimeout(), TIMEOUT);

  private static final End SILENT = new End(ApiErrors.upstreamTimeout(), "silent");
  private static final End DOWN = new End(ApiErrors.upstreamFailed(), "replica-down");
  private static final String STALLED = "no-progress";

  private static final int LONGEST_PAUSES = 3;

  private final Fleet fleet;
  private final long silenceNanos;

  Placement(Fleet fleet, int silenceMillis) {
    this.fleet = fleet;
    this.silenceNanos = TimeUnit.MILLISECONDS.toNanos(silenceMillis);
  }

  /**
   * Why a running response must end.
   *
   * @param error for the client
   * @param reason as a label of metrics
   */
  record End(ApiError error, String reason) {}

  /** How the attempt of a waiting request ends if the request moves; null if it should stay. */
  @Nullable Outcome reasonToMove(AwaitingResponse awaiting, long nowNanos) {
    ReplicaView view = fleet.snapshot().replica(awaiting.reservation.replica().id());
    if (view == null || view.state() == ReplicaState.DRAINING) {
      return new Outcome.Moved();
    }
    if (view.state() == ReplicaState.DOWN
        && awaiting.reservation.isReplicaQuiet(silenceNanos / 2)) {
      return new Outcome.ReplicaFailed(DOWN.reason());
    }
    boolean patient = nowNanos - awaiting.sentNanos < silenceNanos;
    return !patient && awaiting.reservation.isReplicaStalled(silenceNanos)
        ? new Outcome.ReplicaFailed(STALLED)
        : null;
  }

  /** Why an attempt ended, for the log. */
  static String reason(Outcome end) {
    return switch (end) {
      case Outcome.Refused refused -> "status-" + refused.status();
      case Outcome.ReplicaFailed failed -> failed.reason();
      case Outcome.Moved moved -> "moved";
      default -> "ended";
    };
  }

  /** Whether another replica than those tried is up, so that a move may succeed. */
  boolean isAnotherReady(String model, Set<ReplicaId> tried) {
    FleetSnapshot snapshot = fleet.snapshot();
    for (ReplicaView view : snapshot.serving(model)) {
      if (view.ready(model) && !tried.contains(view.id())) {
        return true;
      }
    }
    return false;
  }

  /** Why a running response must end; null if it may go on. */
  @Nullable End reasonToEnd(ResponseRelay relay, long nowNanos) {
    long silence = relay.silenceNanos(nowNanos);
    if (silence < silenceNanos / 2) {
      return null;
    }
    ReplicaView view = fleet.snapshot().replica(relay.reservation().replica().id());
    boolean gone = view == null || view.state() == ReplicaState.DOWN;
    if (gone && relay.reservation().isReplicaQuiet(silenceNanos / 2)) {
      return DOWN;
    }
    long usual = LONGEST_PAUSES * relay.reservation().longestPauseNanos();
    if (silence <= Math.max(silenceNanos, usual)) {
      return null;
    }
    relay.reservation().cutAfter(silence);
    return SILENT;
  }
}
