package io.kvroute.loadtest.scenario;

import java.util.SplittableRandom;

/** Whole numbers from one to another, each as likely. */
record Range(int from, int to) {

  /** Always the same number. */
  static Range of(int number) {
    return new Range(number, number);
  }

  int draw(SplittableRandom random) {
    return random.nextInt(from, to + 1);
  }
}
