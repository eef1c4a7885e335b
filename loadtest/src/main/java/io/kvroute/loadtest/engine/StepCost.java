package io.kvroute.loadtest.engine;

import java.util.List;

/**
 * A step's time from what a GPU does in it: the matrices, bound by reading the weights while the
 * step is small and by arithmetic beyond (a roofline), plus attention's arithmetic for prefill and
 * its reading of the KV cache for decode.
 *
 * @param weightReadNanos reading all weights once: the least a step takes
 * @param nanosPerToken the matrices' arithmetic for one token
 * @param nanosPerAttendedPair attention's arithmetic for one prefilled token and one token before
 *     it
 * @param nanosPerContextToken reading the KV of one token for a decode
 */
public record StepCost(
    double weightReadNanos,
    double nanosPerToken,
    double nanosPerAttendedPair,
    double nanosPerContextToken)
    implements StepTimer {

  @Override
  public long stepNanos(List<StepWork> work, long startNanos) {
    long tokens = 0;
    double attention = 0;
    for (StepWork part : work) {
      tokens += part.newTokens();
      if (part.isDecode()) {
        attention += nanosPerContextToken * part.contextTokens();
      } else {
        double pairs = part.newTokens() * (part.contextTokens() + part.newTokens() / 2.0);
        attention += nanosPerAttendedPair * pairs;
      }
    }
    return Math.round(Math.max(weightReadNanos, tokens * nanosPerToken) + attention);
  }

  /**
   * The same engine with arithmetic faster or slower, so that short prompts prefill at this rate.
   */
  public StepCost withPrefillRate(double tokensPerSecond) {
    double nanos = 1e9 / tokensPerSecond;
    return new StepCost(
        weightReadNanos, nanos, nanosPerAttendedPair * nanos / nanosPerToken, nanosPerContextToken);
  }

  /** The same engine with memory faster or slower, so that a short lone decode takes this time. */
  public StepCost withInterTokenMillis(double millis) {
    double nanos = millis * 1e6;
    return new StepCost(
        nanos, nanosPerToken, nanosPerAttendedPair, nanosPerContextToken * nanos / weightReadNanos);
  }
}
