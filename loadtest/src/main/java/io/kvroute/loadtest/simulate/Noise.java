package io.kvroute.loadtest.simulate;

import java.util.SplittableRandom;

/**
 * What a real engine's times have that the arithmetic of its steps does not explain: its Python,
 * its API server (one process with one event loop, so that its tasks queue), steps that take longer
 * than others for no visible reason, and pauses.
 *
 * @param stepNanos the engine's own work for a step
 * @param sequenceNanos and for each sequence in it
 * @param requestNanos the API server's work for a request before the engine sees it
 * @param promptTokenNanos and for each token of its prompt
 * @param chunkNanos the API server's work for a token of an answer
 * @param deviation the standard deviation of the logarithm of a task's time; the mean stays
 * @param pausesPerSecond pauses in a second of computing: a Poisson process
 * @param pauseNanos a pause's mean length, exponentially distributed
 */
public record Noise(
    double stepNanos,
    double sequenceNanos,
    double requestNanos,
    double promptTokenNanos,
    double chunkNanos,
    double deviation,
    double pausesPerSecond,
    double pauseNanos) {

  /** An engine's steps take what their arithmetic takes, and nothing else takes time. */
  public static final Noise NONE = new Noise(0, 0, 0, 0, 0, 0, 0, 0);

  public static final Noise TINY_ON_CPU = new Noise(5e6, 3e5, 4e6, 5e3, 3e5, 0.3, 0.5, 50e6);

  public static final Noise ON_GPU = new Noise(2e6, 1e5, 4e6, 5e3, 1e5, 0.15, 0.1, 300e6);

  /** What a task of so many nanoseconds takes this time. */
  double disturbed(double nanos, SplittableRandom random) {
    double disturbed = nanos;
    if (deviation > 0) {
      disturbed *= Math.exp(deviation * (random.nextGaussian() - deviation / 2));
    }
    if (pausesPerSecond > 0) {
      double until = exponential(random, 1e9 / pausesPerSecond);
      for (double at = until; at < nanos; at += exponential(random, 1e9 / pausesPerSecond)) {
        disturbed += exponential(random, pauseNanos);
      }
    }
    return disturbed;
  }

  private static double exponential(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
