package io.kvroute.loadtest.engine;

import java.util.List;

/**
 * Computes a step's duration with a roofline model of the GPU: a step takes as long as the slower
 * of two limits, memory bandwidth and arithmetic. Small steps take the time to read the weights,
 * large steps the time of the matrix arithmetic. Attention adds to this: the time of its arithmetic
 * for prefill, and the time to read the KV cache for decode.
 *
 * <pre>
 * max(weightReadNanos, tokens * nanosPerToken)
 *   + nanosPerAttendedPair * new * (context + new / 2)   for each prefill chunk
 *   + nanosPerContextToken * context                     for each decode
 * </pre>
 *
 * @param weightReadNanos time to read all weights once: the shortest step
 * @param nanosPerToken time of the matrix arithmetic for one token
 * @param nanosPerAttendedPair time of attention for one prefilled token and one token before it
 * @param nanosPerContextToken time to read the KV of one token for a decode
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

  /** The same engine with arithmetic scaled so that short prompts prefill at this rate. */
  public StepCost withPrefillRate(double tokensPerSecond) {
    double nanos = 1e9 / tokensPerSecond;
    return new StepCost(
        weightReadNanos, nanos, nanosPerAttendedPair * nanos / nanosPerToken, nanosPerContextToken);
  }

  /** The same engine with memory bandwidth scaled so that a short, lone decode takes this time. */
  public StepCost withInterTokenMillis(double millis) {
    double nanos = millis * 1e6;
    return new StepCost(
        nanos, nanosPerToken, nanosPerAttendedPair, nanosPerContextToken * nanos / weightReadNanos);
  }
}
