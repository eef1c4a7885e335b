package io.kvroute.router.route;

/**
 * Predicts the time to first token (TTFT) on engines of one base model, learned from all first
 * tokens seen there:
 *
 * <pre>
 *   seconds = a + c·waiting + β·work + d·decoding
 * </pre>
 *
 * <p>a is a fixed overhead and β the time for a token of prefill work. c is what each waiting
 * request adds beside its work (its HTTP exchange, its tokenizing): one engine step prefills many
 * short prompts together, so waiting behind them costs their work and little more. d is what each
 * decoding sequence adds, which matters on small machines and hardly on GPUs.
 *
 * <p>The coefficients are fitted by weighted least squares ({@link NonNegativeLeastSquares}). Each
 * new sample reduces the weight of all older ones by 1/200, so that the model follows changes. A
 * weak prior decides while there are few samples. No coefficient can become negative. A sample's
 * weight is 1/max(value, prediction)²: errors count relative to the time, so that short and long
 * requests count alike, and an outlier counts the less the longer it is. The model stores the
 * normal equations of the least-squares problem, a 4×4 matrix and a vector. Learning from a sample
 * costs a few hundred floating-point operations, a prediction O(1). Guarded by the router's lock.
 *
 * <pre>
 *   initially                                   a = 10 ms, β = 0.2 ms, c = d = 0
 *   prompt of 1,000 tokens, 2 waiting before    predicted: 10 + 0.2·(1,000 + their work) ms
 *   200 samples of idle engines:                110 ms for 1,000 tokens, 210 ms for 2,000
 *   learned                                     β close to 0.1 ms, a close to 10 ms
 *   samples ten times as long, one in ten       a and β move by little
 * </pre>
 */
final class TtftModel {

  /**
   * What precedes a request's first token, as known when the request is sent.
   *
   * @param waiting other requests without a first token
   * @param work their remaining prefill work and the request's own, in tokens
   * @param decoding sequences that decode
   */
  record Inputs(int waiting, double work, int decoding) {}

  /** β before anything is learned; about an 8B model on a mid-size GPU. */
  static final double DEFAULT_SECONDS_PER_TOKEN = 2e-4;

  /** a before anything is learned: network, scheduling, one step. */
  static final double DEFAULT_OVERHEAD_SECONDS = 0.01;

  /** Coefficients, in the order of the indexes below. */
  private static final int COEFFICIENTS = 4;

  private static final int OVERHEAD = 0;
  private static final int WAITING = 1;
  private static final int WORK = 2;
  private static final int DECODING = 3;

  /**
   * The unit of work inside the model is a thousand tokens, so that all inputs are of similar size.
   */
  private static final double WORK_UNIT = 1000;

  /** After so many samples the weight of a sample has fallen to 1/e. */
  private static final double WINDOW = 200;

  /** The variance of a sample relative to its weight: noise of half its value. */
  private static final double SAMPLE_VARIANCE = 0.25;

  private static final double[] PRIOR = {
    DEFAULT_OVERHEAD_SECONDS, 0, DEFAULT_SECONDS_PER_TOKEN * WORK_UNIT, 0
  };

  /** Standard deviation of each coefficient around its prior, in seconds. */
  private static final double[] PRIOR_DEVIATION = {0.03, 0.01, 0.5, 0.01};

  /** Standard errors within which a coefficient counts as noise. */
  private static final double SIGNIFICANT_ERRORS = 2;

  /**
   * Keeps β positive: queued work must cost something, and progress in it is computed by dividing
   * by β.
   */
  private static final double MIN_SECONDS_PER_TOKEN = 1e-8;

  private static final double MIN_SECONDS = 1e-6;

  private final NonNegativeLeastSquares solver =
      new NonNegativeLeastSquares(PRIOR, PRIOR_DEVIATION);
  private final double[] coefficients = PRIOR.clone();
  private final double[][] precision = new double[COEFFICIENTS][COEFFICIENTS];
  private final double[] moment = new double[COEFFICIENTS];
  private final double[] input = new double[COEFFICIENTS];

  /** Learns from a time to first token. */
  void learn(Inputs inputs, double seconds) {
    double larger = Math.max(seconds, predict(inputs));
    double weight = 1 / (SAMPLE_VARIANCE * larger * larger);
    input[OVERHEAD] = 1;
    input[WAITING] = inputs.waiting();
    input[WORK] = inputs.work() / WORK_UNIT;
    input[DECODING] = inputs.decoding();
    for (int i = 0; i < COEFFICIENTS; i++) {
      for (int j = 0; j < COEFFICIENTS; j++) {
        precision[i][j] += weight * input[i] * input[j] - precision[i][j] / WINDOW;
      }
      moment[i] += weight * input[i] * seconds - moment[i] / WINDOW;
    }
    solver.solve(precision, moment, coefficients);
  }

  /** Predicts a time to first token, in seconds, on an engine of the group's usual speed. */
  double predict(Inputs inputs) {
    double seconds =
        coefficients[OVERHEAD]
            + coefficients[WAITING] * inputs.waiting()
            + secondsPerToken() * inputs.work()
            + coefficients[DECODING] * inputs.decoding();
    return Math.max(MIN_SECONDS, seconds);
  }

  /** a. */
  double overheadSeconds() {
    return coefficients[OVERHEAD];
  }

  /** β, positive. */
  double secondsPerToken() {
    return Math.max(MIN_SECONDS_PER_TOKEN, coefficients[WORK] / WORK_UNIT);
  }

  /** c. */
  double secondsPerWaiting() {
    return coefficients[WAITING];
  }

  /**
   * The part of d that exceeds its statistical error, so that noise in d does not keep requests
   * away from busy replicas.
   */
  double significantSecondsPerDecoding() {
    double error = Math.sqrt(solver.variance(DECODING));
    return Math.max(0, coefficients[DECODING] - SIGNIFICANT_ERRORS * error);
  }
}
