package io.kvroute.router.route;

import java.util.random.RandomGenerator;

/** Any replica, as likely as its weight. */
final class RandomPick implements Policy {

  private final RandomGenerator random;

  RandomPick(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public String name() {
    return "random";
  }

  @Override
  public int pick(Candidates candidates, RouteQuery query, long nowNanos) {
    return weighted(candidates, random);
  }

  static int weighted(Candidates candidates, RandomGenerator random) {
    int total = 0;
    for (int i = 0; i < candidates.count(); i++) {
      total += candidates.ledger(i).weight();
    }
    int at = random.nextInt(total);
    int picked = 0;
    while (at >= candidates.ledger(picked).weight()) {
      at -= candidates.ledger(picked).weight();
      picked++;
    }
    return picked;
  }
}
