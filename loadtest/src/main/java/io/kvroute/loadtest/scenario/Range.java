package io.kvroute.loadtest.scenario;

import java.util.SplittableRandom;

/** Whole numbers from one to another, each as likely. */
record Range(int from, int to) {

  int draw(SplittableRandom random) {
    return random.nextInt(from, to + 1);
  }
}
