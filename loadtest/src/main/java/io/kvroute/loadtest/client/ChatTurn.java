package io.kvroute.loadtest.client;

import org.jspecify.annotations.Nullable;

/**
 * One streamed chat request as its client saw it. Times are nanoseconds since the run began.
 *
 * @param body the request's JSON, as sent
 * @param dueNanos when it should have been sent; waiting measured from here hides no queue
 * @param firstTokenNanos when the first data event came, 0 if none did
 * @param tokenGapsNanos total time between this answer's first and last event
 * @param gaps how many gaps that total holds
 * @param error what went wrong, null if nothing did
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

  /** Time to first token from when the request was due. */
  public long ttftNanos() {
    return firstTokenNanos - dueNanos;
  }

  public boolean failed() {
    return error != null;
  }
}
