package io.kvroute.router.route;

/**
 * The lowest expected cost. Costs close to the best are a tie, for they are estimates: the
 * session's last replica wins it, then the one that loses least of its cache, then chance.
 */
final class KvAware implements Policy {

  /** How far above the best a cost may be, as a share of it, and still tie. */
  static final double TIE_BAND = 0.05;

  /** The same where others' requests run, whom we see late and vaguely. */
  static final double TIE_BAND_FOREIGN = 0.15;

  @Override
  public int pick(Candidates candidates) {
    int best = 0;
    for (int i = 0; i < candidates.count; i++) {
      candidates.scores[i] =
          CostModel.total(candidates, candidates.slots[i], candidates.matchedTokens[i]);
      if (candidates.scores[i] < candidates.scores[best]) {
        best = i;
      }
    }
    double limit = candidates.scores[best] * (1 + band(candidates.loads, candidates.slots[best]));
    if (candidates.homeSlot != Candidates.NO_SLOT) {
      int home = candidates.positionOf(candidates.homeSlot);
      if (home >= 0 && candidates.scores[home] <= limit) {
        return home;
      }
    }
    return leastLoss(candidates, best, limit);
  }

  private static double band(LoadTable loads, int slot) {
    boolean shared = loads.foreignRunning[slot] + loads.foreignWaiting[slot] > 0;
    return shared ? TIE_BAND_FOREIGN : TIE_BAND;
  }

  private static int leastLoss(Candidates candidates, int best, double limit) {
    int chosen = best;
    double least = loss(candidates, best);
    double weights = 0;
    for (int i = 0; i < candidates.count; i++) {
      if (candidates.scores[i] > limit) {
        continue;
      }
      double loss = loss(candidates, i);
      double weight = candidates.loads.weight[candidates.slots[i]];
      if (loss < least) {
        least = loss;
        weights = weight;
        chosen = i;
      } else if (loss == least) {
        weights += weight;
        if (candidates.random.nextDouble() * weights < weight) {
          chosen = i;
        }
      }
    }
    return chosen;
  }

  private static double loss(Candidates candidates, int position) {
    int uncached = candidates.keys.tokens() - candidates.matchedTokens[position];
    return CostModel.evictedTokens(candidates.loads, candidates.slots[position], uncached);
  }
}
