package io.kvroute.router.route;

import java.util.Arrays;

/**
 * Compares a replica's times to first token with those that its speed group predicts. Keeps the
 * logarithms of the last 32 ratios of time to prediction. Their median says how much slower the
 * replica is; their median absolute deviation (MAD) says how much its times vary. Both are robust:
 * a minority of outliers changes neither. Adding a sample costs O(32 log 32), reading nothing.
 * Guarded by the router's lock.
 *
 * <pre>
 *   ratios of time to prediction   1.8  2.1  2.0  9.0  1.9
 *   their logarithms               0.59 0.74 0.69 2.20 0.64
 *   median                         0.69, so the replica takes twice the time
 *   MAD                            0.05, times 1.4826 = 0.08 (with the prior's weight 5/9: 0.04)
 *   logDeviation                   0.04 observed + 0.5·4/9 assumed = 0.26
 * </pre>
 */
final class Pace {

  /** Samples kept. */
  private static final int WINDOW = 32;

  private static final double MIN_SECONDS = 1e-6;

  /** The ratio of a normal distribution's standard deviation to its MAD. */
  private static final double DEVIATION_OF_MAD = 1.4826;

  /** The standard error of a median over that of a mean, for a normal distribution. */
  private static final double ERROR_OF_MEDIAN = 1.2533;

  /** The log deviation assumed before there are samples. */
  static final double PRIOR_DEVIATION = 0.5;

  /** The weight of the prior deviation, in samples. */
  private static final double PRIOR_SAMPLES = 4;

  /**
   * Samples lose half their weight in this time, so that a replica that was too slow to get
   * requests is tried again.
   */
  private static final double HALF_LIFE_SECONDS = 300;

  private final double[] logRatios = new double[WINDOW];
  private int count;
  private int next;
  private long lastNanos;
  private double median;
  private double logDeviation = PRIOR_DEVIATION;
  private double observedLogDeviation;

  /**
   * Adds a sample.
   *
   * @param seconds a time to first token
   * @param predictedSeconds what the speed group predicted for it
   */
  void add(double seconds, double predictedSeconds, long nowNanos) {
    logRatios[next] = Math.log(Math.max(MIN_SECONDS, seconds) / predictedSeconds);
    next = (next + 1) % WINDOW;
    count = Math.min(count + 1, WINDOW);
    lastNanos = nowNanos;
    double[] values = Arrays.copyOf(logRatios, count);
    median = Median.of(values);
    Arrays.setAll(values, i -> Math.abs(values[i] - median));
    observedLogDeviation = count * DEVIATION_OF_MAD * Median.of(values) / (PRIOR_SAMPLES + count);
    logDeviation = observedLogDeviation + PRIOR_SAMPLES * PRIOR_DEVIATION / (PRIOR_SAMPLES + count);
  }

  boolean hasSamples() {
    return count > 0;
  }

  /** The logarithm of the factor by which the replica's times exceed the predictions. */
  double logRatio() {
    return median;
  }

  /** The standard deviation of the logarithm of a ratio. */
  double logDeviation() {
    return logDeviation;
  }

  /** The part of {@link #logDeviation} that was observed, not assumed. */
  double observedLogDeviation() {
    return observedLogDeviation;
  }

  /** The standard error of {@link #logRatio}, infinite before the first sample. */
  double standardError(long nowNanos) {
    double age = Math.max(0, nowNanos - lastNanos) * 1e-9;
    double samples = count * Math.pow(0.5, age / HALF_LIFE_SECONDS);
    return ERROR_OF_MEDIAN * logDeviation / Math.sqrt(samples);
  }
}
