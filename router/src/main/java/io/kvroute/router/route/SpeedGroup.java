package io.kvroute.router.route;

import java.util.List;

/**
 * The replicas of one base model. One model predicts the time to first token on all of them ({@link
 * TtftModel}); one factor for each replica says how much slower or faster it is ({@link Pace}).
 *
 * <p>The log ratio of a replica is the logarithm of its times to first token divided by the
 * predicted times ({@link Pace#logRatio}). Equal replicas also have different log ratios, by noise.
 * A difference from the median of up to two standard errors is therefore ignored, and a larger one
 * counts only by the part above two standard errors. A new replica has no samples and counts as
 * fast as the median. Every 200 ms the factors are recomputed and entered in the load table, at
 * O(replicas · log replicas). Guarded by the router's lock.
 *
 * <pre>
 *   three replicas' log ratios      0.02, -0.03, 0.71; their median is 0.02
 *   standard errors                 0.1 each; differences within 0.2 are noise
 *   first and second                within 0.2 of the median: factor 1
 *   third                           exp(0.71 - 0.02 - 0.2) = 1.63: counts as 1.63 times slower
 * </pre>
 */
final class SpeedGroup {

  private static final long REFRESH_NANOS = 200_000_000L;

  /** Standard errors within which a difference counts as noise. */
  private static final double SIGNIFICANT_ERRORS = 2;

  /**
   * The smallest standard error assumed. Samples are not independent, because other load on a host
   * slows a replica for minutes, so that equal replicas differ by about this much.
   */
  private static final double MIN_STANDARD_ERROR = 0.1;

  final TtftModel ttft = new TtftModel();

  private final LoadTable loads;
  private List<RoutedReplica> replicas = List.of();
  private boolean refreshed;
  private long refreshedNanos;

  SpeedGroup(LoadTable loads) {
    this.loads = loads;
  }

  void setReplicas(List<RoutedReplica> all) {
    replicas = all;
    refreshed = false;
  }

  /**
   * Learns from a request's first token.
   *
   * @param seconds its time to first token
   */
  void learn(RoutedReplica replica, TtftModel.Inputs inputs, double seconds, long nowNanos) {
    double predicted = ttft.predict(inputs);
    replica.pace.add(seconds, predicted / replica.identity.weight(), nowNanos);
    ttft.learn(inputs, seconds / loads.slowness[replica.slot]);
  }

  /** Recomputes the replicas' speeds where the last computation is too old. */
  void refresh(long nowNanos) {
    if (refreshed && nowNanos - refreshedNanos < REFRESH_NANOS) {
      return;
    }
    refreshed = true;
    refreshedNanos = nowNanos;
    double medianLogRatio = medianLogRatio();
    for (RoutedReplica replica : replicas) {
      refresh(replica, medianLogRatio, nowNanos);
    }
  }

  private void refresh(RoutedReplica replica, double medianLogRatio, long nowNanos) {
    Pace pace = replica.pace;
    double noise = SIGNIFICANT_ERRORS * Math.max(MIN_STANDARD_ERROR, pace.standardError(nowNanos));
    double logFactor = significantPart(pace.logRatio() - medianLogRatio, noise);
    double factor = Math.exp(logFactor) / replica.identity.weight();
    int slot = replica.slot;
    loads.slowness[slot] = factor;
    loads.overheadSeconds[slot] = factor * ttft.overheadSeconds();
    loads.secondsPerWaiting[slot] = factor * ttft.secondsPerWaiting();
    loads.secondsPerDecoding[slot] = factor * ttft.significantSecondsPerDecoding();
    loads.secondsPerToken[slot] = factor * ttft.secondsPerToken();
    loads.logDeviation[slot] = pace.logDeviation();
    loads.observedLogDeviation[slot] = pace.observedLogDeviation();
  }

  private double medianLogRatio() {
    double[] logRatios =
        replicas.stream()
            .filter(replica -> replica.pace.hasSamples())
            .mapToDouble(replica -> replica.pace.logRatio())
            .toArray();
    return logRatios.length == 0 ? 0 : Median.of(logRatios);
  }

  /** The part of a difference that exceeds the noise, 0 if none does. */
  private static double significantPart(double difference, double noise) {
    return Math.copySign(Math.max(0, Math.abs(difference) - noise), difference);
  }
}
