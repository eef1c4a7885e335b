package io.kvroute.router.route;

/** Picks the replica with the least load for its weight; chance decides between equals. */
final class LeastLoad implements Policy {

  /**
   * The load of a request in flight beside its prefill, in tokens: it takes part in every engine
   * step, whatever the length of its prompt.
   */
  private static final double SEQUENCE_WORK = 512;

  @Override
  public int pick(Candidates candidates) {
    return leastLoaded(candidates);
  }

  static int leastLoaded(Candidates candidates) {
    int best = 0;
    double least = load(candidates, 0);
    int equals = 1;
    for (int i = 1; i < candidates.count; i++) {
      double load = load(candidates, i);
      if (load < least) {
        best = i;
        least = load;
        equals = 1;
      } else if (load == least && candidates.random.nextInt(++equals) == 0) {
        best = i;
      }
    }
    return best;
  }

  static double load(Candidates candidates, int position) {
    int slot = candidates.slots[position];
    return candidates.loads.tokenWork(slot, SEQUENCE_WORK) / candidates.loads.weight[slot];
  }
}
