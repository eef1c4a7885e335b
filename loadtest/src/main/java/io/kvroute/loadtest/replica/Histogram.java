package io.kvroute.loadtest.replica;

import java.util.Arrays;

/** A Prometheus histogram: counts observations in buckets. Not thread-safe. */
final class Histogram {

  private final double[] bounds;
  private final long[] counts;
  private double sum;

  /**
   * @param bounds ascending upper bounds of the buckets, without infinity
   */
  Histogram(double... bounds) {
    this.bounds = bounds.clone();
    this.counts = new long[bounds.length + 1];
  }

  void observe(double value) {
    int bucket = Arrays.binarySearch(bounds, value);
    counts[bucket >= 0 ? bucket : -bucket - 1]++;
    sum += value;
  }

  /** Writes the series: name, buckets, count and sum. */
  void write(PrometheusText out, String name, String help) {
    out.family(name, help, "histogram");
    long cumulated = 0;
    for (int i = 0; i < bounds.length; i++) {
      cumulated += counts[i];
      out.sample(name + "_bucket", "le=\"" + bounds[i] + "\"", cumulated);
    }
    cumulated += counts[bounds.length];
    out.sample(name + "_bucket", "le=\"+Inf\"", cumulated);
    out.sample(name + "_count", "", cumulated);
    out.sample(name + "_sum", "", sum);
  }
}
