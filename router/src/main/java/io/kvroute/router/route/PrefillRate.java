package io.kvroute.router.route;

/**
 * What a replica's prefill costs, from samples of seconds against work: {@code seconds = a·starts +
 * β·work}, where {@code starts} tells whether the replica was idle before. Both are medians over
 * the last samples, β's weighted by work, taken in turn (a step of each with every sample), so that
 * a minority of disturbed samples moves neither. Guarded by the router's lock.
 */
final class PrefillRate {

  /** β before anything is learned; about an 8B model on a mid-size GPU. */
  static final double DEFAULT_SECONDS_PER_TOKEN = 2e-4;

  /** a before anything is learned: network, scheduling, one step. */
  static final double DEFAULT_OVERHEAD_SECONDS = 0.01;

  /** Samples kept. */
  private static final int WINDOW = 32;

  /** The ratio of a normal distribution's deviation to its median absolute deviation. */
  private static final double DEVIATION_OF_MAD = 1.4826;

  /** The error of a median against that of a mean, for a normal distribution. */
  private static final double ERROR_OF_MEDIAN = 1.2533;

  /** Relative deviation assumed of a sample before samples tell. */
  private static final double PRIOR_DEVIATION = 0.5;

  /** Samples' worth of belief in the prior deviation. */
  private static final double PRIOR_SAMPLES = 4;

  /** Time in which old samples lose half their weight, so that a starved replica is tried again. */
  private static final double HALF_LIFE_SECONDS = 300;

  private final double[] work = new double[WINDOW];
  private final double[] seconds = new double[WINDOW];
  private final boolean[] starts = new boolean[WINDOW];
  private final double[] values = new double[WINDOW];
  private final double[] weights = new double[WINDOW];
  private int count;
  private int next;
  private long lastNanos;
  private double secondsPerToken = DEFAULT_SECONDS_PER_TOKEN;
  private double overheadSeconds = DEFAULT_OVERHEAD_SECONDS;
  private double rateDeviation = PRIOR_DEVIATION;
  private double overheadDeviation = PRIOR_DEVIATION * DEFAULT_OVERHEAD_SECONDS;
  private int startsCount;

  /** Takes a sample in; none is without work. */
  void add(double sampleWork, double sampleSeconds, boolean fromIdle, long nowNanos) {
    work[next] = sampleWork;
    seconds[next] = sampleSeconds;
    starts[next] = fromIdle;
    next = (next + 1) % WINDOW;
    count = Math.min(count + 1, WINDOW);
    lastNanos = nowNanos;
    estimateRate();
    estimateOverhead();
  }

  boolean isLearned() {
    return count > 0;
  }

  /** β from this replica's samples alone. */
  double secondsPerToken() {
    return secondsPerToken;
  }

  /** a from this replica's samples alone. */
  double overheadSeconds() {
    return overheadSeconds;
  }

  /** The standard error of ln β, infinite before the first sample. */
  double errorOfLogRate(long nowNanos) {
    return ERROR_OF_MEDIAN * rateDeviation / Math.sqrt(samplesLeft(count, nowNanos));
  }

  /** The standard error of a, in seconds, infinite before the first sample from idle. */
  double errorOfOverhead(long nowNanos) {
    return ERROR_OF_MEDIAN * overheadDeviation / Math.sqrt(samplesLeft(startsCount, nowNanos));
  }

  /** What samples are worth still: errors grow while no new ones come. */
  private double samplesLeft(int samples, long nowNanos) {
    double age = Math.max(0, nowNanos - lastNanos) * 1e-9;
    return samples * Math.pow(0.5, age / HALF_LIFE_SECONDS);
  }

  private void estimateRate() {
    for (int i = 0; i < count; i++) {
      double explained = starts[i] ? overheadSeconds : 0;
      values[i] = Math.max(0, seconds[i] - explained) / work[i];
      weights[i] = work[i];
    }
    double median = weightedMedian(count);
    if (median > 0) {
      secondsPerToken = median;
    }
    for (int i = 0; i < count; i++) {
      double explained = starts[i] ? overheadSeconds : 0;
      values[i] = Math.abs((seconds[i] - explained) / (work[i] * secondsPerToken) - 1);
      weights[i] = work[i];
    }
    rateDeviation = withPrior(PRIOR_DEVIATION, DEVIATION_OF_MAD * weightedMedian(count), count);
  }

  private void estimateOverhead() {
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (starts[i]) {
        values[n] = Math.max(0, seconds[i] - secondsPerToken * work[i]);
        weights[n++] = 1;
      }
    }
    startsCount = n;
    if (n == 0) {
      return;
    }
    overheadSeconds = weightedMedian(n);
    for (int i = 0; i < n; i++) {
      values[i] = Math.abs(values[i] - overheadSeconds);
      weights[i] = 1;
    }
    overheadDeviation =
        withPrior(
            PRIOR_DEVIATION * DEFAULT_OVERHEAD_SECONDS, DEVIATION_OF_MAD * weightedMedian(n), n);
  }

  private static double withPrior(double prior, double seen, int samples) {
    return (PRIOR_SAMPLES * prior + samples * seen) / (PRIOR_SAMPLES + samples);
  }

  /** The median of the first values by their weights; puts both in order. */
  private double weightedMedian(int n) {
    double total = 0;
    for (int i = 0; i < n; i++) {
      double value = values[i];
      double weight = weights[i];
      total += weight;
      int j = i;
      for (; j > 0 && values[j - 1] > value; j--) {
        values[j] = values[j - 1];
        weights[j] = weights[j - 1];
      }
      values[j] = value;
      weights[j] = weight;
    }
    double below = 0;
    for (int i = 0; i < n; i++) {
      below += weights[i];
      if (2 * below >= total) {
        return values[i];
      }
    }
    return 0;
  }
}
