package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Random arrival times. */
final class Arrivals {

  private Arrivals() {}

  /**
   * Schedules {@code count} arrivals as a Poisson process. Each arrival gets its own source of
   * random numbers, so that its draws do not depend on those of other arrivals.
   */
  static void poisson(
      VirtualFleet fleet,
      SplittableRandom random,
      int count,
      double perSecond,
      Consumer<SplittableRandom> arrive) {
    if (count == 0) {
      return;
    }
    SplittableRandom own = random.split();
    fleet
        .clock()
        .afterSeconds(
            exponential(random, 1 / perSecond),
            () -> {
              arrive.accept(own);
              poisson(fleet, random, count - 1, perSecond, arrive);
            });
  }

  static double exponential(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }
}
