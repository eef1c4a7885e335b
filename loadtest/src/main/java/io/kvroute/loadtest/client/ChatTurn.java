package io.kvroute.loadtest.client;

import org.jspecify.annotations.Nullable;

/**
 * One streamed chat request as its client saw it.
 *
 * @param body the request's JSON, as sent
 * @param error description of the failure; null if there was none
 */
public record ChatTurn(
    int conversation,
    int turn,
    String body,
    String answer,
    Times times,
    TokenCounts tokens,
    @Nullable String error) {

  /**
   * Times in nanoseconds since the run began.
   *
   * @param dueNanos when the request should have been sent; times measured from here include the
   *     time that requests queue in the client (no coordinated omission)
   * @param firstTokenNanos when the first data event arrived; 0 if none did
   * @param tokenGapsNanos total time between the answer's first and last event
   * @param gaps number of gaps between events in that time
   */
  public record Times(
      long dueNanos, long firstTokenNanos, long finishedNanos, long tokenGapsNanos, int gaps) {}

  /** The token counts that the engine reported; 0 where it reported none. */
  public record TokenCounts(int prompt, int cached, int completion) {}

  /** When the request was due. */
  public long dueNanos() {
    return times.dueNanos;
  }

  /** Time from when the request was due to its first token. */
  public long ttftNanos() {
    return times.firstTokenNanos - times.dueNanos;
  }

  public boolean failed() {
    return error != null;
  }
}
