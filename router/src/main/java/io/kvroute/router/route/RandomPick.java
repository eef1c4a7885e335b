package io.kvroute.router.route;

/** Picks at random, in proportion to weights. */
final class RandomPick implements Policy {

  @Override
  public int pick(Candidates candidates) {
    return draw(candidates, -1);
  }

  /**
   * Draws a position at random, in proportion to weights.
   *
   * @param except a position not to draw, unless it is the only one; -1 for none
   */
  static int draw(Candidates candidates, int except) {
    double total = 0;
    for (int i = 0; i < candidates.count; i++) {
      total += i == except ? 0 : weight(candidates, i);
    }
    double left = candidates.random.nextDouble() * total;
    int drawn = Math.max(0, except);
    for (int i = 0; i < candidates.count && left >= 0; i++) {
      if (i != except) {
        drawn = i;
        left -= weight(candidates, i);
      }
    }
    return drawn;
  }

  private static double weight(Candidates candidates, int position) {
    return candidates.loads.weight[candidates.slots[position]];
  }
}
