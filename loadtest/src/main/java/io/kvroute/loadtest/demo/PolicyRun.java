package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.client.RunStats;

/**
 * The results of one policy.
 *
 * @param policy name of the policy
 * @param stats figures of the run
 * @param bestHitRate the upper bound by {@link BestPossible} for the same requests
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
