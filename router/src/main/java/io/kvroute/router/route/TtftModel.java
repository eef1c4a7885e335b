package io.kvroute.router.route;

/**
 * What a first token takes on engines of one model, learned from all first tokens seen there:
 *
 * <pre>
 *   seconds = a + c·waiting + β·work + d·decoding
 * </pre>
 *
 * <p>A step of an engine takes in many short prompts, so that waiting behind them costs their work
 * and little more: c is what each adds for itself (its HTTP exchange, its tokenizing), d what each
 * sequence that decodes there adds. The latter matters on small machines and hardly on GPUs.
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
  private static final int INPUTS = 4;

  private static final int OVERHEAD = 0;
  private static final int WAITING = 1;
  private static final int WORK = 2;
  private static final int DECODING = 3;

  /** Work counts in thousands of tokens inside, so that all inputs are of about the same size. */
  private static final double WORK_UNIT = 1000;

  /** Samples after which one has lost its weight but for 1/e. */
  private static final double WINDOW = 200;

  /** The variance of a sample, relative to its weight: noise of half its value. */
  private static final double SAMPLE_VARIANCE = 0.25;

  private static final double[] PRIOR = {
    DEFAULT_OVERHEAD_SECONDS, 0, DEFAULT_SECONDS_PER_TOKEN * WORK_UNIT, 0
  };

  /** How far each coefficient may be from its prior, in seconds. */
  private static final double[] PRIOR_DEVIATION = {0.03, 0.01, 0.5, 0.01};

  /** Standard errors within which a coefficient is taken for noise. */
  private static final double SURE = 2;

  /** No token is free: what waits must count, and its progress is told by it. */
  private static final double LEAST_SECONDS_PER_TOKEN = 1e-8;

  private static final double LEAST_SECONDS = 1e-6;

  private final NonNegativeLeastSquares solver =
      new NonNegativeLeastSquares(PRIOR, PRIOR_DEVIATION);
  private final double[] coefficients = PRIOR.clone();
  private final double[][] precision = new double[INPUTS][INPUTS];
  private final double[] moment = new double[INPUTS];
  private final double[] input = new double[INPUTS];

  /** Takes in what a first token took after such a wait. */
  void learn(Reservation.Wait wait, double seconds) {
    double larger = Math.max(seconds, predict(wait));
    double weight = 1 / (SAMPLE_VARIANCE * larger * larger);
    input[OVERHEAD] = 1;
    input[WAITING] = wait.waiting();
    input[WORK] = wait.work() / WORK_UNIT;
    input[DECODING] = wait.decoding();
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        precision[i][j] += weight * input[i] * input[j] - precision[i][j] / WINDOW;
      }
      moment[i] += weight * input[i] * seconds - moment[i] / WINDOW;
    }
    solver.solve(precision, moment, coefficients);
  }

  /** Seconds until the first token on an engine of usual speed. */
  double predict(Reservation.Wait wait) {
    double seconds =
        coefficients[OVERHEAD]
            + coefficients[WAITING] * wait.waiting()
            + secondsPerToken() * wait.work()
            + coefficients[DECODING] * wait.decoding();
    return Math.max(LEAST_SECONDS, seconds);
  }

  double overheadSeconds() {
    return coefficients[OVERHEAD];
  }

  double secondsPerToken() {
    return Math.max(LEAST_SECONDS_PER_TOKEN, coefficients[WORK] / WORK_UNIT);
  }

  double secondsPerWaiting() {
    return coefficients[WAITING];
  }

  /** So much of d as is surely not noise: idle places are sought only where that pays. */
  double sureSecondsPerDecoding() {
    double error = Math.sqrt(solver.variance(DECODING));
    return Math.max(0, coefficients[DECODING] - SURE * error);
  }
}
