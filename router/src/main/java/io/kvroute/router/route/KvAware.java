package io.kvroute.router.route;

/**
 * The lowest expected cost. Costs are estimates, so those close to the best are a tie: the
 * session's last replica wins it, then the one that computes least, then the one that loses least
 * of its cache, then chance.
 *
 * <p>A request that continues a conversation, or repeats a prompt, leaves the replica that holds
 * the most of it only for a gain beyond the noise of first tokens. Moving computes the whole
 * history again, displaces what others will ask for, and takes the later turns along; and noise
 * would move the next turn back.
 */
final class KvAware implements Policy {

  /** How far above the best a cost may be, as a share of it, and still tie. */
  static final double TIE_BAND = 0.03;

  /** The same where others' requests run, whom we see late and vaguely. */
  static final double TIE_BAND_FOREIGN = 0.15;

  /**
   * Deviations of first tokens by which a conversation's move must pay. Scenario
   * noisy-conversations: with 0, 1 and 2 of them 12, 3 and 2 percent of the turns move.
   */
  private static final double SURE_DEVIATIONS = 2;

  /** As a share of a prompt: a block or two that long prompts of all kinds begin with. */
  private static final double NEXT_TO_NOTHING = 0.02;

  @Override
  public int pick(Candidates candidates) {
    int best = cheapest(candidates);
    int home = candidates.homePosition();
    if (home >= 0 && ties(candidates, home, best)) {
      return home;
    }
    int fullest = fullest(candidates, best);
    return ties(candidates, fullest, best) ? leastLoss(candidates, best, fullest) : fullest;
  }

  private static int cheapest(Candidates candidates) {
    int best = 0;
    for (int i = 0; i < candidates.count; i++) {
      candidates.scores[i] =
          CostModel.total(candidates, candidates.slots[i], candidates.matchedTokens[i]);
      if (candidates.scores[i] < candidates.scores[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Of those that are not surely worse than the best, the one that holds most of the prompt. */
  private static int fullest(Candidates candidates, int best) {
    int fullest = best;
    for (int i = 0; i < candidates.count; i++) {
      int more = candidates.matchedTokens[i] - candidates.matchedTokens[fullest];
      boolean better = more > 0 || (more == 0 && candidates.scores[i] < candidates.scores[fullest]);
      if (better && !isSurelyWorse(candidates, i, best)) {
        fullest = i;
      }
    }
    return fullest;
  }

  private static boolean isSurelyWorse(Candidates candidates, int position, int best) {
    double excess = excess(candidates, position, best);
    if (!candidates.continued) {
      return excess > 0;
    }
    double noise = Math.hypot(noise(candidates, position), noise(candidates, best));
    return excess > SURE_DEVIATIONS * noise;
  }

  private static boolean ties(Candidates candidates, int position, int best) {
    return excess(candidates, position, best) <= 0;
  }

  /** By how many seconds a cost is beyond those that tie with the best. */
  private static double excess(Candidates candidates, int position, int best) {
    int slot = candidates.slots[best];
    LoadTable loads = candidates.loads;
    boolean shared = loads.foreignRunning[slot] + loads.foreignWaiting[slot] > 0;
    double band = shared ? TIE_BAND_FOREIGN : TIE_BAND;
    return candidates.scores[position] - candidates.scores[best] * (1 + band);
  }

  /** How far a first token may be from its expectation by chance, in seconds. */
  private static double noise(Candidates candidates, int position) {
    return candidates.scores[position] * candidates.loads.noise[candidates.slots[position]];
  }

  /** Of those that tie with the best and compute about as little as the fullest. */
  private static int leastLoss(Candidates candidates, int best, int fullest) {
    int chosen = fullest;
    double least = loss(candidates, fullest);
    double weights = 0;
    for (int i = 0; i < candidates.count; i++) {
      if (!ties(candidates, i, best) || !computesAsLittle(candidates, i, fullest)) {
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

  /** Whether what it computes more than the fullest is next to nothing of the prompt. */
  private static boolean computesAsLittle(Candidates candidates, int position, int fullest) {
    int more = candidates.matchedTokens[fullest] - candidates.matchedTokens[position];
    return more <= NEXT_TO_NOTHING * candidates.keys.tokens();
  }

  private static double loss(Candidates candidates, int position) {
    int uncached = candidates.keys.tokens() - candidates.matchedTokens[position];
    return CostModel.evictedTokens(candidates.loads, candidates.slots[position], uncached);
  }
}
