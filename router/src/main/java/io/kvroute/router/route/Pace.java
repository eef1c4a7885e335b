package io.kvroute.router.route;

import java.util.Arrays;

/**
 * How a replica's first tokens compare with those of its model's fleet, from the logarithms of the
 * ratios of what they took to what the fleet would take. Their median is how much slower it is,
 * their deviation how much its first tokens vary. Both are robust: a minority of disturbed samples
 * moves neither. Guarded by the router's lock.
 */
final class Pace {

  /** Samples kept. */
  private static final int WINDOW = 32;

  private static final double LEAST_SECONDS = 1e-6;

  /** The ratio of a normal distribution's deviation to its median absolute deviation. */
  private static final double DEVIATION_OF_MAD = 1.4826;

  /** The error of a median against that of a mean, for a normal distribution. */
  private static final double ERROR_OF_MEDIAN = 1.2533;

  /** The deviation assumed of a sample before samples tell. */
  static final double PRIOR_DEVIATION = 0.5;

  /** Samples' worth of belief in the prior deviation. */
  private static final double PRIOR_SAMPLES = 4;

  /** Time in which old samples lose half their weight, so that a starved replica is tried again. */
  private static final double HALF_LIFE_SECONDS = 300;

  private final double[] logRatios = new double[WINDOW];
  private int count;
  private int next;
  private long lastNanos;
  private double median;
  private double deviation = PRIOR_DEVIATION;
  private double noise;

  /** Takes in what a first token took against what the fleet's would have taken. */
  void add(double seconds, double fleetSeconds, long nowNanos) {
    logRatios[next] = Math.log(Math.max(LEAST_SECONDS, seconds) / fleetSeconds);
    next = (next + 1) % WINDOW;
    count = Math.min(count + 1, WINDOW);
    lastNanos = nowNanos;
    double[] values = Arrays.copyOf(logRatios, count);
    median = median(values);
    Arrays.setAll(values, i -> Math.abs(values[i] - median));
    noise = count * DEVIATION_OF_MAD * median(values) / (PRIOR_SAMPLES + count);
    deviation = noise + PRIOR_SAMPLES * PRIOR_DEVIATION / (PRIOR_SAMPLES + count);
  }

  boolean isKnown() {
    return count > 0;
  }

  /** ln of how many times the fleet's time its first tokens usually take. */
  double logRatio() {
    return median;
  }

  /** How much that varies from one first token to the next. */
  double deviation() {
    return deviation;
  }

  /** The part of {@link #deviation} that is seen, not assumed. */
  double noise() {
    return noise;
  }

  /** The standard error of {@link #logRatio}, infinite before the first sample. */
  double error(long nowNanos) {
    double age = Math.max(0, nowNanos - lastNanos) * 1e-9;
    double samples = count * Math.pow(0.5, age / HALF_LIFE_SECONDS);
    return ERROR_OF_MEDIAN * deviation / Math.sqrt(samples);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
