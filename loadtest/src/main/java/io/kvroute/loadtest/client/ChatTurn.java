package io.kvroute.loadtest.client;

import org.jspecify.annotations.Nullable;

/**
 * One streamed chat request as its client saw it. Times are nanoseconds since the run began.
 *
 * @param body the request's JSON, as sent
 * @param dueNanos when the request should have been sent; times measured from here include the time
 *     that requests queue in the client (no coordinated omission)
 * @param firstTokenNanos when the first data event arrived; 0 if none did
 * @param tokenGapsNanos total time between the answer's first and last event
 * @param gaps number of gaps between events in that time
 * @param error description of the failure; null if there was none
 */
public record ChatTurn(
    int conversation,
    int turn,
    String body,
    String answer,
    long dueNanos,
    long firstTokenNanos,
    long finishedNanos,
    long tokenGapsNanos,
    int gaps,
    int promptTokens,
    int cachedTokens,
    int completionTokens,
    @Nullable String error) {

  /** Time from when the request was due to its first token. */
  public long ttftNanos() {
    return firstTokenNanos - dueNanos;
  }

  public boolean failed() {
    return error != null;
  }
}
