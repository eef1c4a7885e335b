package io.kvroute.router.http;

import io.kvroute.router.openai.ApiError;
import io.kvroute.router.route.Outcome;

/**
 * The ways in which a request ends: each counts the request, gives its place in the retry budget
 * back, and reports the end to the client's connection once. Confined to the client's event loop.
 */
final class ExchangeEnding {

  private static final int FIRST_ERROR = 400;

  private final ClientConnection client;
  private final RequestInfo info;
  private final Attempts attempts;
  private final ExchangeMetrics metrics;

  ExchangeEnding(
      ClientConnection client, RequestInfo info, Attempts attempts, ExchangeMetrics metrics) {
    this.client = client;
    this.info = info;
    this.attempts = attempts;
    this.metrics = metrics;
  }

  /** The replica's response has been written completely. */
  void completed(int status, Outcome outcome) {
    metrics.usage(outcome);
    if (status < FIRST_ERROR) {
      metrics.completed();
    }
    finish(status);
    client.responseWritten(client.isPersistent());
  }

  /** The response cannot be completed; the client's connection closes behind it. */
  void truncated(ResponseRelay relay, ApiError error, Outcome outcome, String reason) {
    relay.abandon(outcome);
    metrics.truncated(reason);
    relay.writeError(error);
    finish(error.status());
    client.responseWritten(false);
  }

  /** The router answers the request itself. */
  void refused(Refusal refusal) {
    metrics.rejected(refusal.reason());
    finish(refusal.error().status());
    client.respond(LocalResponse.of(refusal.error(), refusal.lines()), info.requestId());
  }

  /** The client has disconnected. */
  void clientLeft() {
    metrics.clientLeft();
    finish(DataPortMetrics.CLIENT_LEFT);
  }

  private void finish(int code) {
    attempts.end();
    metrics.finished(code);
  }
}
