package io.kvroute.router.route;

import java.util.random.RandomGenerator;

/** The replica with the least work before it, in seconds; chance among equals. */
final class LeastLoad implements Policy {

  private final RandomGenerator random;

  LeastLoad(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public String name() {
    return "least-load";
  }

  @Override
  public int pick(Candidates candidates, RouteQuery query, long nowNanos) {
    int picked = 0;
    int equals = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.count(); i++) {
      double load = candidates.ledger(i).loadSeconds(nowNanos);
      if (load < least) {
        least = load;
        picked = i;
        equals = 1;
      } else if (load == least && random.nextInt(++equals) == 0) {
        picked = i;
      }
    }
    return picked;
  }
}
