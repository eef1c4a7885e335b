package io.kvroute.router.probe;

import org.jspecify.annotations.Nullable;

/**
 * How replicas are probed.
 *
 * @param intervalMillis between two rounds while a replica is up; each pause varies by a tenth
 * @param downIntervalMillis the same while it is not
 * @param timeoutMillis for one answer, whole
 * @param failuresToDown rounds in a row without an answer after which a replica is down; one that
 *     refuses connections or says that it is not healthy is down at once
 * @param modelsEveryRounds how often a replica that is up is asked for its models again
 * @param metricsEveryRounds how often the metrics of a replica that is up are scraped; a scrape of
 *     vLLM's takes 12 ms of its API server's one thread
 * @param maxAnswerBytes the largest answer that is read
 * @param apiKey the engines' own key, if they guard {@code /v1/models} by one
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

  /** What suits engines in one cluster. */
  public static ProbeSettings defaults() {
    return new ProbeSettings(1_000, 250, 2_000, 3, 10, 5, 8 << 20, null);
  }
}
