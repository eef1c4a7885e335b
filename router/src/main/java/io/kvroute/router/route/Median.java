package io.kvroute.router.route;

import java.util.Arrays;

/** The median of a sample. */
final class Median {

  private Median() {}

  /** The median of at least one value. */
  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
