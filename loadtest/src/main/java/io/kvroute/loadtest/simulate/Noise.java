package io.kvroute.loadtest.simulate;

import java.util.SplittableRandom;

/**
 * Models the part of a real engine's times that the arithmetic of its steps does not explain: CPU
 * work in Python, an API server whose single event loop queues its tasks, random scatter, and
 * pauses.
 *
 * <p>A duration d becomes {@code d * exp(s * (g - s / 2)) + pauses}, where g is a standard normal
 * random number and s the standard deviation of the logarithm. The factor is log-normal with mean 1,
 * so the scatter does not change the mean. Pauses start as a Poisson process in time d, and their
 * lengths are exponentially distributed. Cost: O(1), and O(1) per pause.
 *
 * <p>Example with {@code stepDeviation} 0.3, one pause of 40 ms on average every 2 s, a step of 20
 * ms:
 *
 * <pre>
 * g =  0     20 * exp(0.3 * (0 - 0.15))  = 19.1 ms   (the median)
 * g = +1     20 * exp(0.3 * (1 - 0.15))  = 25.8 ms
 * g = -1     20 * exp(0.3 * (-1 - 0.15)) = 14.2 ms
 * a pause hits 1 step in 100 (20 ms / 2 s) and adds 40 ms on average
 * mean       20 + 20 / 2000 * 40         = 20.4 ms
 * </pre>
 *
 * @param stepNanos CPU time of the engine per step, besides the model's arithmetic
 * @param sequenceNanos CPU time of the engine per step and sequence in it
 * @param latencyNanos time until a request reaches the API server; needs no CPU
 * @param requestNanos CPU time of the API server per request, before the engine gets it
 * @param promptTokenNanos CPU time of the API server per prompt token
 * @param chunkNanos CPU time of the API server per token of an answer
 * @param stepDeviation standard deviation of the logarithm of the time of a step and of a chunk
 * @param requestDeviation standard deviation of the logarithm of the latency and of the API server's
 *     time per request
 * @param pausesPerSecond mean number of pauses per second of computing
 * @param pauseNanos mean length of a pause
 */
public record Noise(
    double stepNanos,
    double sequenceNanos,
    double latencyNanos,
    double requestNanos,
    double promptTokenNanos,
    double chunkNanos,
    double stepDeviation,
    double requestDeviation,
    double pausesPerSecond,
    double pauseNanos) {

  /** No noise: steps take the time of their arithmetic, and nothing else takes time. */
  public static final Noise NONE = new Noise(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * vLLM 0.32 with a tiny model on a CPU core. {@code NoiseFit} (loadtest/src/test) fitted it to the
   * recording times.jsonl.gz, with a typical error of 14 percent in means and quantiles.
   */
  public static final Noise TINY_ON_CPU =
      new Noise(5.9e6, 1.2e5, 10.5e6, 2e6, 6e3, 1.9e5, 0.3, 0.38, 0.5, 39e6);

  /**
   * An assumption for an engine on a GPU: API server and scatter as on the CPU, less CPU time per
   * step, and rare pauses as long as a few steps.
   */
  public static final Noise ON_GPU =
      new Noise(2e6, 1e5, 4e6, 2e6, 6e3, 1.9e5, 0.3, 0.38, 0.1, 300e6);

  /** The API server's CPU time for a request, without scatter. */
  double requestNanos(int promptTokens) {
    return requestNanos + promptTokens * promptTokenNanos;
  }

  /** Adds scatter and pauses to the duration of a step or of a chunk's delivery. */
  double step(double nanos, SplittableRandom random) {
    return disturbed(nanos, stepDeviation, random);
  }

  /** Adds scatter and pauses to a duration on a request's way to the engine. */
  double request(double nanos, SplittableRandom random) {
    return disturbed(nanos, requestDeviation, random);
  }

  private double disturbed(double nanos, double deviation, SplittableRandom random) {
    double disturbed = nanos;
    if (deviation > 0) {
      disturbed *= Math.exp(deviation * (random.nextGaussian() - deviation / 2));
    }
    if (pausesPerSecond > 0) {
      double mean = 1e9 / pausesPerSecond;
      for (double at = exponential(random, mean); at < nanos; at += exponential(random, mean)) {
        disturbed += exponential(random, pauseNanos);
      }
    }
    return disturbed;
  }

  static double exponential(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
