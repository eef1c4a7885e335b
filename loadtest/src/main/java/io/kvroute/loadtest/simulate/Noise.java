package io.kvroute.loadtest.simulate;

import java.util.SplittableRandom;

/**
 * Models the part of a real engine's times that the arithmetic of its steps does not explain: CPU
 * work in Python, an API server whose single event loop queues its tasks, random scatter, and
 * pauses.
 *
 * <p>A duration d becomes {@code d * exp(s * (g - s / 2)) + pauses}, where g is a standard normal
 * random number and s the standard deviation of the logarithm. The factor is log-normal with mean
 * 1, so the scatter does not change the mean. Pauses start as a Poisson process in time d, and
 * their lengths are exponentially distributed. Cost: O(1), and O(1) per pause.
 *
 * <p>Example with a step scatter of 0.3, one pause of 40 ms on average every 2 s, a step of 20 ms:
 *
 * <pre>
 * g =  0     20 * exp(0.3 * (0 - 0.15))  = 19.1 ms   (the median)
 * g = +1     20 * exp(0.3 * (1 - 0.15))  = 25.8 ms
 * g = -1     20 * exp(0.3 * (-1 - 0.15)) = 14.2 ms
 * a pause hits 1 step in 100 (20 ms / 2 s) and adds 40 ms on average
 * mean       20 + 20 / 2000 * 40         = 20.4 ms
 * </pre>
 *
 * @param engine CPU time of the engine
 * @param server latency and CPU time of the API server
 * @param scatter random scatter of durations
 * @param pauses random pauses
 */
public record Noise(EngineWork engine, ApiServer server, Scatter scatter, Pauses pauses) {

  /**
   * CPU time of the engine, besides the model's arithmetic.
   *
   * @param stepNanos time per step
   * @param sequenceNanos time per step and sequence in it
   */
  public record EngineWork(double stepNanos, double sequenceNanos) {}

  /**
   * The API server in front of the engine.
   *
   * @param latencyNanos time until a request reaches the API server; needs no CPU
   * @param requestNanos CPU time per request, before the engine gets it
   * @param promptTokenNanos CPU time per prompt token
   * @param chunkNanos CPU time per token of an answer
   */
  public record ApiServer(
      double latencyNanos, double requestNanos, double promptTokenNanos, double chunkNanos) {}

  /**
   * Standard deviations of the logarithms of durations.
   *
   * @param step of a step and of a chunk
   * @param request of the latency, and of the API server's time per request
   */
  public record Scatter(double step, double request) {}

  /**
   * Pauses, which start as a Poisson process.
   *
   * @param perSecond mean number of pauses per second of computing
   * @param nanos mean length of a pause, exponentially distributed
   */
  public record Pauses(double perSecond, double nanos) {}

  /** No noise: steps take the time of their arithmetic, and nothing else takes time. */
  public static final Noise NONE =
      new Noise(
          new EngineWork(0, 0), new ApiServer(0, 0, 0, 0), new Scatter(0, 0), new Pauses(0, 0));

  /**
   * vLLM 0.32 with a tiny model on a CPU core. {@code NoiseFit} (loadtest/src/test) fitted it to
   * the recording times.jsonl.gz, with a typical error of 14 percent in means and quantiles.
   */
  public static final Noise TINY_ON_CPU =
      new Noise(
          new EngineWork(5.9e6, 1.2e5),
          new ApiServer(10.5e6, 2e6, 6e3, 1.9e5),
          new Scatter(0.3, 0.38),
          new Pauses(0.5, 39e6));

  /**
   * An assumption for an engine on a GPU: API server and scatter as on the CPU, less CPU time per
   * step, and rare pauses as long as a few steps.
   */
  public static final Noise ON_GPU =
      new Noise(
          new EngineWork(2e6, 1e5),
          new ApiServer(4e6, 2e6, 6e3, 1.9e5),
          new Scatter(0.3, 0.38),
          new Pauses(0.1, 300e6));

  /** The API server's CPU time for a request, without scatter. */
  double requestNanos(int promptTokens) {
    return server.requestNanos() + promptTokens * server.promptTokenNanos();
  }

  /** Adds scatter and pauses to the duration of a step or of a chunk's delivery. */
  double step(double nanos, SplittableRandom random) {
    return disturbed(nanos, scatter.step(), random);
  }

  /** Adds scatter and pauses to a duration on a request's way to the engine. */
  double request(double nanos, SplittableRandom random) {
    return disturbed(nanos, scatter.request(), random);
  }

  private double disturbed(double nanos, double deviation, SplittableRandom random) {
    double disturbed = nanos;
    if (deviation > 0) {
      disturbed *= Math.exp(deviation * (random.nextGaussian() - deviation / 2));
    }
    if (pauses.perSecond() > 0) {
      double mean = 1e9 / pauses.perSecond();
      for (double at = exponential(random, mean); at < nanos; at += exponential(random, mean)) {
        disturbed += exponential(random, pauses.nanos());
      }
    }
    return disturbed;
  }

  static double exponential(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
