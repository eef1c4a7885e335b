package io.kvroute.router.route;

/** The least token work under way for its weight; chance decides between equals. */
final class LeastLoad implements Policy {

  /**
   * What a sequence under way counts for, in tokens of prefill work: it takes a place in every
   * step, whatever its prompt was.
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
