package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.client.RunStats;

/**
 * What one policy made of the workload.
 *
 * @param bestHitRate what one infinite cache would have hit, fed the same requests in their order
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
