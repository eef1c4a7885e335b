package io.kvroute.loadtest.scenario;

import java.util.SplittableRandom;

/** A uniform distribution of whole numbers, both ends included. */
record IntRange(int from, int to) {

  /** The range that holds a single number. */
  static IntRange of(int number) {
    return new IntRange(number, number);
  }

  int draw(SplittableRandom random) {
    return random.nextInt(from, to + 1);
  }
}
