package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.client.RunStats;

/**
 * The results of one policy.
 *
 * @param policy name of the policy
 * @param stats figures of the run
 * @param bestHitRate hit rate of one infinite cache that serves the same requests in their order
 */
record PolicyRun(String policy, RunStats stats, double bestHitRate) {

  double ttftMeanMillis() {
    return stats.ttftMicros().getMean() / 1e3;
  }

  double ttftMillis(double percentile) {
    return stats.ttftMicros().getValueAtPercentile(percentile) / 1e3;
  }

  double itlMeanMillis() {
    return stats.itlMicros().getMean() / 1e3;
  }
}
