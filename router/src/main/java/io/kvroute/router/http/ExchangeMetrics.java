package io.kvroute.router.http;

import io.kvroute.router.accesslog.AccessEntry;
import io.kvroute.router.accesslog.AccessLog;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times one request, collects what the access log says of it, and logs its failed
 * attempts. Its clock starts when it is made. Confined to the client's event loop.
 */
final class ExchangeMetrics {

  /** How a request ended that went well. */
  private static final String COMPLETE = "complete";

  private static final long UNKNOWN = -1;

  private final DataPortMetrics metrics;
  private final AccessLog log;
  private final FailureLog failures;
  private final Fleet fleet;
  private final RequestInfo info;
  private final long parseNanos;
  private final long startNanos = System.nanoTime();
  private long keysNanos = UNKNOWN;
  private long sentNanos = UNKNOWN;
  private long ttftNanos = UNKNOWN;
  private int attempts;
  private int cachedTokens = -1;
  private int completionTokens = -1;
  private PromptKeys keys = PromptKeys.unknown(0);
  private @Nullable Reservation last;
  private String end = COMPLETE;

  ExchangeMetrics(
      DataPortServices services, FailureLog failures, RequestPreparer.PreparedRequest prepared) {
    this.metrics = services.metrics();
    this.log = services.accessLog();
    this.fleet = services.fleet();
    this.failures = failures;
    this.info = prepared.info();
    this.parseNanos = prepared.parseNanos();
  }

  /** The prompt's keys are known. */
  void keysComputed(PromptKeys computed) {
    keys = computed;
    keysNanos = elapsedNanos();
  }

  /** The request is about to be sent to a replica. */
  void sending(Reservation reservation) {
    attempts++;
    last = reservation;
    sentNanos = elapsedNanos();
  }

  void firstToken() {
    ttftNanos = elapsedNanos();
    metrics.firstToken(info.model(), ttftNanos);
  }

  /** A response without an error status is complete. */
  void completed() {
    metrics.completed(info.model(), elapsedNanos());
  }

  /** Records how many tokens the engine computed, if it reported them. */
  void usage(Outcome outcome) {
    if (outcome instanceof Outcome.Completed completed) {
      cachedTokens = completed.cachedTokens();
      completionTokens = completed.completionTokens();
    }
  }

  void retried(String reason) {
    metrics.retried(reason);
  }

  /** A replica did not serve the request. */
  void attemptFailed(ReplicaId replica, String reason) {
    failures.attempt(info.requestId(), replica, reason);
  }

  void retryDenied() {
    metrics.retryDenied();
  }

  void rejected(String reason) {
    end = reason;
    metrics.rejected(reason);
    failures.refused(info.requestId(), reason);
  }

  /** The response was cut off. */
  void truncated(String reason) {
    end = reason;
  }

  void clientLeft() {
    end = "client-left";
  }

  /** The request is over; a model that no replica serves is counted as no model. */
  void finished(int code) {
    boolean served = !fleet.snapshot().serving(info.model()).isEmpty();
    Endpoint endpoint = info.request().endpoint();
    metrics.answered(served ? info.model() : null, endpoint, code);
    if (!log.equals(AccessLog.OFF)) {
      log.add(entry(endpoint, code));
    }
  }

  private AccessEntry entry(Endpoint endpoint, int code) {
    return new AccessEntry(
        System.currentTimeMillis(),
        new AccessEntry.Request(
            info.requestId(),
            info.client(),
            info.key().isEmpty() ? null : info.key(),
            endpoint.path(),
            info.model(),
            info.request().output().stream()),
        routing(),
        new AccessEntry.Timing(
            parseNanos,
            keysNanos,
            sentNanos < 0 ? UNKNOWN : sentNanos - keysNanos,
            ttftNanos,
            elapsedNanos()),
        new AccessEntry.Result(code, completionTokens, end));
  }

  private AccessEntry.@Nullable Routing routing() {
    Reservation to = last;
    return to == null
        ? null
        : new AccessEntry.Routing(
            to.replica().id().value(),
            attempts,
            keys.mode().label(),
            keys.tokens(),
            to.matchedTokens(),
            cachedTokens);
  }

  private long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }
}
