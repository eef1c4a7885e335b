package io.kvroute.loadtest.simulate;

import java.util.SplittableRandom;

/**
 * What a real engine's times have that the arithmetic of its steps does not explain: its Python,
 * its API server (one process with one event loop, so that its tasks queue), steps that take longer
 * than others for no visible reason, and pauses.
 *
 * @param stepNanos the engine's own work for a step
 * @param sequenceNanos and for each sequence in it
 * @param latencyNanos before a request is at the API server, which takes nothing from the machine
 * @param requestNanos the API server's work for a request before the engine sees it
 * @param promptTokenNanos and for each token of its prompt
 * @param chunkNanos the API server's work for a token of an answer
 * @param stepDeviation the standard deviation of the logarithm of a step's time, and of a chunk's;
 *     the mean stays
 * @param requestDeviation the same of the latency, and of the API server's time for a request
 * @param pausesPerSecond pauses in a second of computing: a Poisson process
 * @param pauseNanos a pause's mean length, exponentially distributed
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

  /** An engine's steps take what their arithmetic takes, and nothing else takes time. */
  public static final Noise NONE = new Noise(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * vLLM 0.32 with a tiny model on a CPU core: found by {@code NoiseFit} (loadtest/src/test) from
   * the recording times.jsonl.gz, to a typical error of 14 percent of means and quantiles.
   */
  public static final Noise TINY_ON_CPU =
      new Noise(5.9e6, 1.2e5, 10.5e6, 2e6, 6e3, 1.9e5, 0.3, 0.38, 0.5, 39e6);

  /**
   * Assumed of an engine on a GPU: the API server and the scatter of the one on the CPU, steps with
   * less work of the engine's own, and rare pauses of a few steps' length.
   */
  public static final Noise ON_GPU =
      new Noise(2e6, 1e5, 4e6, 2e6, 6e3, 1.9e5, 0.3, 0.38, 0.1, 300e6);

  /** What a request should take the API server. */
  double requestNanos(int promptTokens) {
    return requestNanos + promptTokens * promptTokenNanos;
  }

  /** What a step takes this time that should take so many nanoseconds, or a chunk's way out. */
  double step(double nanos, SplittableRandom random) {
    return disturbed(nanos, stepDeviation, random);
  }

  /** What a part of a request's way in takes this time that should take so many nanoseconds. */
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
