package io.kvroute.router.route;

/**
 * What a first token takes on engines of one model, learned from all first tokens seen there:
 *
 * <pre>
 *   seconds = a + c·waiting + β·work
 * </pre>
 *
 * <p>A step of an engine takes in many short prompts, so that waiting behind them costs their work
 * and little more: c is what each adds for itself (its HTTP exchange, its tokenizing).
 *
 * <p>Weighted least squares with exponential forgetting and a weak prior. A sample is weighted by
 * one over the square of the larger of its prediction and its value, so that short and long
 * requests count alike and a sample that is far too long pulls less the longer it is. No
 * coefficient is negative. Guarded by the router's lock.
 */
final class TtftModel {

  /** β before anything is learned; about an 8B model on a mid-size GPU. */
  static final double DEFAULT_SECONDS_PER_TOKEN = 2e-4;

  /** a before anything is learned: network, scheduling, one step. */
  static final double DEFAULT_OVERHEAD_SECONDS = 0.01;

  /** The model's inputs, in this order. */
  private static final int INPUTS = 3;

  private static final int OVERHEAD = 0;
  private static final int WAITING = 1;
  private static final int WORK = 2;

  /** Work counts in thousands of tokens inside, so that all inputs are of about the same size. */
  private static final double WORK_UNIT = 1000;

  /** Samples after which one has lost its weight but for 1/e. */
  private static final double WINDOW = 300;

  /** The variance of a sample, relative to its weight: noise of half its value. */
  private static final double SAMPLE_VARIANCE = 0.25;

  private static final double[] PRIOR = {
    DEFAULT_OVERHEAD_SECONDS, 0, DEFAULT_SECONDS_PER_TOKEN * WORK_UNIT
  };

  /** How far each coefficient may be from its prior, in seconds. */
  private static final double[] PRIOR_DEVIATION = {0.03, 0.01, 0.5};

  /** No token is free: what waits must count, and its progress is told by it. */
  private static final double LEAST_SECONDS_PER_TOKEN = 1e-8;

  private static final double LEAST_SECONDS = 1e-6;

  private final double[] coefficients = PRIOR.clone();
  private final double[][] precision = new double[INPUTS][INPUTS];
  private final double[] moment = new double[INPUTS];
  private final double[] input = new double[INPUTS];

  /**
   * Takes in what a first token took.
   *
   * @param waiting requests that lacked their first token there when it was sent
   * @param work tokens of prefill work: what was left of theirs, and its own
   */
  void learn(int waiting, double work, double seconds) {
    double larger = Math.max(seconds, predict(waiting, work));
    double weight = 1 / (SAMPLE_VARIANCE * larger * larger);
    input[OVERHEAD] = 1;
    input[WAITING] = waiting;
    input[WORK] = work / WORK_UNIT;
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        precision[i][j] += weight * input[i] * input[j] - precision[i][j] / WINDOW;
      }
      moment[i] += weight * input[i] * seconds - moment[i] / WINDOW;
    }
    NonNegativeLeastSquares.solve(precision, moment, PRIOR, PRIOR_DEVIATION, coefficients);
  }

  /** Seconds until the first token on an engine of usual speed. */
  double predict(int waiting, double work) {
    double seconds = overheadSeconds() + waiting * secondsPerWaiting() + work * secondsPerToken();
    return Math.max(LEAST_SECONDS, seconds);
  }

  double overheadSeconds() {
    return coefficients[OVERHEAD];
  }

  double secondsPerWaiting() {
    return coefficients[WAITING];
  }

  double secondsPerToken() {
    return Math.max(LEAST_SECONDS_PER_TOKEN, coefficients[WORK] / WORK_UNIT);
  }
}
