package io.kvroute.router.probe;

import org.jspecify.annotations.Nullable;

/**
 * How replicas are probed.
 *
 * @param intervalMillis pause between two probes of a replica that is up, randomized by a tenth
 * @param downIntervalMillis the same pause for a replica that is down
 * @param timeoutMillis for one complete answer
 * @param failuresToDown after so many probes in a row without an answer a replica is down; a
 *     replica that refuses connections or reports itself unhealthy is down at once
 * @param modelsEveryRounds after so many probes a replica that is up is asked for its models again
 * @param metricsEveryRounds after so many probes the metrics of a replica that is up are scraped; a
 *     scrape of vLLM's takes 12 ms of its API server's only thread
 * @param maxAnswerBytes the largest answer that is read
 * @param apiKey sent as bearer token, null if engines need none
 */
public record ProbeSettings(
    long intervalMillis,
    long downIntervalMillis,
    long timeoutMillis,
    int failuresToDown,
    int modelsEveryRounds,
    int metricsEveryRounds,
    int maxAnswerBytes,
    @Nullable String apiKey) {

  /** Settings for engines in the same cluster. */
  public static ProbeSettings defaults() {
    return new ProbeSettings(1_000, 250, 2_000, 3, 10, 5, 8 << 20, null);
  }
}
