package io.kvroute.loadtest.compare;

import io.kvroute.loadtest.simulate.Answered;
import java.util.List;

/**
 * What one run came to.
 *
 * @param p95TtftSeconds the time within which 95 percent of the requests had their first token
 * @param hitRate prompt tokens that engines had cached, over all prompt tokens
 */
record Run(double meanTtftSeconds, double p95TtftSeconds, double hitRate) {

  static Run of(List<Answered> answered) {
    long[] ttfts = answered.stream().mapToLong(Answered::ttftNanos).sorted().toArray();
    long sum = 0;
    for (long ttft : ttfts) {
      sum += ttft;
    }
    long prompt = answered.stream().mapToLong(Answered::promptTokens).sum();
    long cached = answered.stream().mapToLong(Answered::cachedTokens).sum();
    int rank = (int) Math.ceil(0.95 * ttfts.length) - 1;
    return new Run(
        1e-9 * sum / ttfts.length, 1e-9 * ttfts[rank], (double) cached / Math.max(1, prompt));
  }
}
