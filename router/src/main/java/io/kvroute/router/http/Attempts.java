package io.kvroute.router.http;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.route.Router;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The replicas to which a request was sent, and whether it may be sent to another one. No replica
 * is sent the same request twice. Confined to the client's event loop.
 */
final class Attempts {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int INTERNAL_ERROR = 500;
  private static final int BAD_GATEWAY = 502;
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;

  private final Router router;
  private final RequestInfo info;
  private final RetryBudget budget;
  private final ExchangeMetrics metrics;
  private int maxReplicas;
  private Set<ReplicaId> tried = Set.of();
  private boolean holdsBudget;

  /**
   * No attempt yet.
   *
   * @param maxReplicas replicas that may be sent the request
   */
  Attempts(
      Router router,
      RequestInfo info,
      RetryBudget budget,
      int maxReplicas,
      ExchangeMetrics metrics) {
    this.router = router;
    this.info = info;
    this.budget = budget;
    this.maxReplicas = maxReplicas;
    this.metrics = metrics;
  }

  /** Finds a replica that has not been sent the request. */
  Decision route(PromptKeys keys) {
    return router.route(info.routeQuery(keys, tried, false));
  }

  /** Reserves a replica that is well and has not been sent the request; null if there is none. */
  private @Nullable Reservation elsewhere(PromptKeys keys) {
    return router.route(info.routeQuery(keys, tried, true)) instanceof Decision.Reserved reserved
        ? reserved.reservation()
        : null;
  }

  /**
   * Reserves another replica whose answer should replace one with this status.
   *
   * @param from where the answer comes from
   * @return null if the client should receive the answer
   */
  @Nullable Reservation insteadOf(int status, Reservation from, PromptKeys keys) {
    String reason = retryReason(status, from);
    if (reason == null || !isAnotherAllowed()) {
      return null;
    }
    if (!takeBudget()) {
      metrics.retryDenied();
      return null;
    }
    Reservation other = elsewhere(keys);
    if (other == null) {
      giveBackBudget();
    } else {
      metrics.retried(reason);
    }
    return other;
  }

  /**
   * Reserves another replica for a request that waits in vain. A move needs no place in the retry
   * budget, because the work at the old replica ends with it.
   *
   * @param end how the attempt at the old replica ends; that replica does not count as tried if it
   *     is not at fault
   * @return null if the request should stay
   */
  @Nullable Reservation moveAfter(Outcome end, PromptKeys keys) {
    boolean faultless = end instanceof Outcome.Moved;
    if (!faultless && !isAnotherAllowed()) {
      return null;
    }
    Reservation other = elsewhere(keys);
    if (other != null) {
      maxReplicas += faultless ? 1 : 0;
      metrics.retried(Placement.reason(end));
    }
    return other;
  }

  /** The request is in progress from now on. */
  void begin() {
    budget.begin();
  }

  /** The request has ended. */
  void end() {
    giveBackBudget();
    budget.end();
  }

  /** The request is sent to this replica. */
  void sentTo(ReplicaId replica) {
    Set<ReplicaId> more = new HashSet<>(tried);
    more.add(replica);
    tried = more;
  }

  /** Replicas that must not be sent the request. */
  Set<ReplicaId> tried() {
    return tried;
  }

  /** Whether the request may be sent to one more replica. */
  boolean isAnotherAllowed() {
    return tried.size() < maxReplicas;
  }

  /**
   * Why an answer with this status may be replaced by another replica's, as a label of metrics;
   * null if the client receives it. A 500 may be the request's own fault, so it is retried only if
   * the replica has failed other requests too.
   */
  private static @Nullable String retryReason(int status, Reservation reservation) {
    return switch (status) {
      case TOO_MANY_REQUESTS -> "too-many-requests";
      case BAD_GATEWAY -> "bad-gateway";
      case SERVICE_UNAVAILABLE -> "unavailable";
      case GATEWAY_TIMEOUT -> "gateway-timeout";
      case INTERNAL_ERROR -> reservation.isReplicaSuspect() ? "internal-error" : null;
      default -> null;
    };
  }

  /** Takes a place in the retry budget, unless this request has one; false if none is left. */
  private boolean takeBudget() {
    holdsBudget = holdsBudget || budget.take();
    return holdsBudget;
  }

  /** Gives back the place in the retry budget, if there is one. */
  private void giveBackBudget() {
    if (holdsBudget) {
      holdsBudget = false;
      budget.giveBack();
    }
  }
}
