package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.openai.Endpoint;

/**
 * Counts and times one request. Its clock starts when it is made. Confined to the client's event
 * loop.
 */
final class ExchangeMetrics {

  private final DataPortMetrics metrics;
  private final Fleet fleet;
  private final String model;
  private final Endpoint endpoint;
  private final long startNanos = System.nanoTime();

  ExchangeMetrics(DataPortServices services, String model, Endpoint endpoint) {
    this.metrics = services.metrics();
    this.fleet = services.fleet();
    this.model = model;
    this.endpoint = endpoint;
  }

  void firstToken() {
    metrics.firstToken(model, elapsedNanos());
  }

  void completed() {
    metrics.completed(model, elapsedNanos());
  }

  void retried(String reason) {
    metrics.retried(reason);
  }

  void retryDenied() {
    metrics.retryDenied();
  }

  void rejected(String reason) {
    metrics.rejected(reason);
  }

  /** The request is over; a model that no replica serves is counted as no model. */
  void finished(int code) {
    boolean served = !fleet.snapshot().serving(model).isEmpty();
    metrics.answered(served ? model : null, endpoint, code);
  }

  private long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }
}
