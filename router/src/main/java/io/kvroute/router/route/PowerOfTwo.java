package io.kvroute.router.route;

/** Draws two replicas at random, in proportion to weights, and picks the less loaded of them. */
final class PowerOfTwo implements Policy {

  @Override
  public int pick(Candidates candidates) {
    int first = RandomPick.draw(candidates, -1);
    int second = RandomPick.draw(candidates, first);
    double gain = LeastLoad.load(candidates, first) - LeastLoad.load(candidates, second);
    return gain > 0 ? second : first;
  }
}
