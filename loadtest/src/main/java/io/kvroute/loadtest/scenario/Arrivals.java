package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** When things happen. */
final class Arrivals {

  private Arrivals() {}

  /**
   * Has so many things happen as a Poisson process. Each gets a source of chance of its own, so
   * that what it draws does not depend on what others did before.
   */
  static void poisson(
      VirtualFleet fleet,
      SplittableRandom random,
      int count,
      double perSecond,
      Consumer<SplittableRandom> happen) {
    if (count == 0) {
      return;
    }
    SplittableRandom own = random.split();
    fleet
        .clock()
        .afterSeconds(
            exponential(random, 1 / perSecond),
            () -> {
              happen.accept(own);
              poisson(fleet, random, count - 1, perSecond, happen);
            });
  }

  static double exponential(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
