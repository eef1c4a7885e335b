package io.kvroute.loadtest.client;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The figures of a run. Failed turns count in {@code failed} only.
 *
 * @param ttftMicros time to first token, from when a request was due
 * @param itlMicros mean gap between an answer's tokens, one value per turn
 */
public record RunStats(
    int requests,
    int failed,
    double requestsPerSecond,
    long promptTokens,
    long cachedTokens,
    Histogram ttftMicros,
    Histogram itlMicros) {

  /** Sums up {@code turns}. */
  public static RunStats of(List<ChatTurn> turns) {
    Histogram ttft = new Histogram(3);
    Histogram itl = new Histogram(3);
    long promptTokens = 0;
    long cachedTokens = 0;
    int failed = 0;
    long startNanos = Long.MAX_VALUE;
    long endNanos = 0;
    for (ChatTurn turn : turns) {
      if (turn.failed()) {
        failed++;
        continue;
      }
      startNanos = Math.min(startNanos, turn.dueNanos());
      endNanos = Math.max(endNanos, turn.times().finishedNanos());
      promptTokens += turn.tokens().prompt();
      cachedTokens += turn.tokens().cached();
      ttft.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(turn.ttftNanos())));
      if (turn.times().gaps() > 0) {
        itl.recordValue(
            TimeUnit.NANOSECONDS.toMicros(turn.times().tokenGapsNanos() / turn.times().gaps()));
      }
    }
    int answered = turns.size() - failed;
    double seconds = answered == 0 ? 0 : (endNanos - startNanos) / 1e9;
    double perSecond = seconds > 0 ? answered / seconds : 0;
    return new RunStats(turns.size(), failed, perSecond, promptTokens, cachedTokens, ttft, itl);
  }

  /** Cached tokens divided by prompt tokens, as the engines counted them. */
  public double hitRate() {
    return promptTokens == 0 ? 0 : (double) cachedTokens / promptTokens;
  }
}
