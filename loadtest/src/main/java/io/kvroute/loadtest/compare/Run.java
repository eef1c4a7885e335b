package io.kvroute.loadtest.compare;

import io.kvroute.loadtest.simulate.Answered;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one run.
 *
 * @param meanTtftSeconds mean time to first token
 * @param p95TtftSeconds 95th percentile of the time to first token
 * @param hitRate cached prompt tokens divided by all prompt tokens
 * @param movedShare share of the later turns of conversations that went to another replica than the
 *     turn before; NaN if no conversation has a later turn
 */
record Run(double meanTtftSeconds, double p95TtftSeconds, double hitRate, double movedShare) {

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
        1e-9 * sum / ttfts.length,
        1e-9 * ttfts[rank],
        (double) cached / Math.max(1, prompt),
        movedShare(answered));
  }

  private static double movedShare(List<Answered> answered) {
    Map<String, Integer> replicas = new HashMap<>();
    int later = 0;
    int moved = 0;
    for (Answered one : answered) {
      String conversation = one.conversation();
      Integer before = conversation == null ? null : replicas.put(conversation, one.replica());
      if (before != null) {
        later++;
        moved += before == one.replica() ? 0 : 1;
      }
    }
    return (double) moved / later;
  }
}
