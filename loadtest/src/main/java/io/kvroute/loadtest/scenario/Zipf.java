package io.kvroute.loadtest.scenario;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Draws numbers from 0 to {@code count - 1} by Zipf's law: the n-th number, counted from 1, in
 * proportion to 1/n^skew. A draw is a binary search in the cumulative sums, O(log count).
 */
final class Zipf {

  private final double[] upTo;

  Zipf(int count, double skew) {
    upTo = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.pow(i + 1, -skew);
      upTo[i] = sum;
    }
  }

  int draw(SplittableRandom random) {
    int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
    return Math.min(upTo.length - 1, at < 0 ? -at - 1 : at + 1);
  }
}
