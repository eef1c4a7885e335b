package io.kvroute.router.route;

import java.util.random.RandomGenerator;

/**
 * The less loaded of two replicas drawn by chance (Mitzenmacher, "The Power of Two Choices in
 * Randomized Load Balancing").
 */
final class PowerOfTwo implements Policy {

  private final RandomGenerator random;

  PowerOfTwo(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public String name() {
    return "power-of-two";
  }

  @Override
  public int pick(Candidates candidates, RouteQuery query, long nowNanos) {
    int one = random.nextInt(candidates.count());
    if (candidates.count() == 1) {
      return one;
    }
    int other = random.nextInt(candidates.count() - 1);
    other += other >= one ? 1 : 0;
    double loadOfOne = candidates.ledger(one).loadSeconds(nowNanos);
    double loadOfOther = candidates.ledger(other).loadSeconds(nowNanos);
    return loadOfOther < loadOfOne ? other : one;
  }
}
