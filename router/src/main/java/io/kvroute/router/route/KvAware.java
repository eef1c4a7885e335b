package io.kvroute.router.route;

/**
 * Picks the lowest cost by {@link CostModel}. Costs are predictions, so costs close to the lowest
 * tie with it. Among ties, in this order:
 *
 * <ol>
 *   <li>the replica of the session's last request,
 *   <li>the replica with the most of the prompt cached, give or take 2 percent of the prompt,
 *   <li>the replica that evicts the least,
 *   <li>chance, by weight.
 * </ol>
 *
 * <p>A follow-up ({@link FollowUps}) leaves the replica with the most of it cached only for a gain
 * beyond the noise of times to first token. A move computes the whole history again, evicts what
 * others will ask for, and takes the later turns along; and noise would move the next turn back. A
 * request that only shares a prefix leaves it for an eighth of a standard deviation.
 *
 * <p>Cost: two passes over the candidates, O(1) each; the follow-up check only where some candidate
 * has more cached than the cheapest and costs more than a tie.
 *
 * <pre>
 *   costs 1.00, 1.02, 1.40 s; cached 0, 0, 900 of 1,000 tokens; noise 30 percent
 *   a new prompt                       first and second tie (within 3 percent); the one that evicts
 *                                      less is picked
 *   a new prompt, session at second    second
 *   a follow-up                        third: 1.40 - 1.03 is less than 2·hypot(0.42, 0.30) s
 * </pre>
 */
final class KvAware implements Policy {

  /** How far above the lowest a cost may be, as a share of it, and still tie. */
  static final double TIE_BAND = 0.03;

  /** The same where other clients' requests run, which the router sees late and roughly. */
  static final double TIE_BAND_FOREIGN = 0.15;

  /**
   * Standard deviations of times to first token that the move of a follow-up must gain. In scenario
   * noisy-conversations, 0, 1 and 2 of them move 12, 3 and 2 percent of the turns.
   */
  private static final double SIGNIFICANT_DEVIATIONS = 2;

  /**
   * The same for the first request of a conversation, which leaves a shared prefix. With 0, chance
   * differences of load copy each prefix to every replica: 0.3 points fewer hits in scenario
   * noisy-conversations. With 1/4, scenarios one-slow and late-joiner lose 4 percent.
   */
  private static final double SIGNIFICANT_DEVIATIONS_OF_FIRST_REQUESTS = 0.125;

  /** Shares of a prompt below this are negligible: a block or two that all long prompts share. */
  private static final double NEGLIGIBLE_SHARE = 0.02;

  @Override
  public int pick(Candidates candidates) {
    int cheapest = cheapest(candidates);
    int last = candidates.positionOf(candidates.sessionSlot);
    if (last >= 0 && ties(candidates, last, cheapest)) {
      return last;
    }
    int mostCached = mostCached(candidates, cheapest);
    return ties(candidates, mostCached, cheapest)
        ? leastEviction(candidates, cheapest, mostCached)
        : mostCached;
  }

  private static int cheapest(Candidates candidates) {
    int cheapest = 0;
    for (int i = 0; i < candidates.count; i++) {
      candidates.scores[i] =
          CostModel.total(candidates, candidates.slots[i], candidates.matchedTokens[i]);
      if (candidates.scores[i] < candidates.scores[cheapest]) {
        cheapest = i;
      }
    }
    return cheapest;
  }

  /** Among those not significantly worse than the cheapest, the one with the most cached. */
  private static int mostCached(Candidates candidates, int cheapest) {
    int most = cheapest;
    for (int i = 0; i < candidates.count; i++) {
      int more = candidates.matchedTokens[i] - candidates.matchedTokens[most];
      boolean better = more > 0 || (more == 0 && candidates.scores[i] < candidates.scores[most]);
      if (better && !isSignificantlyWorse(candidates, i, cheapest)) {
        most = i;
      }
    }
    return most;
  }

  private static boolean isSignificantlyWorse(Candidates candidates, int position, int cheapest) {
    double excess = excess(candidates, position, cheapest);
    if (excess <= 0) {
      return false;
    }
    double deviations =
        candidates.isFollowUp() ? SIGNIFICANT_DEVIATIONS : SIGNIFICANT_DEVIATIONS_OF_FIRST_REQUESTS;
    double noise = Math.hypot(noise(candidates, position), noise(candidates, cheapest));
    return excess > deviations * noise;
  }

  private static boolean ties(Candidates candidates, int position, int cheapest) {
    return excess(candidates, position, cheapest) <= 0;
  }

  /** The seconds by which a cost exceeds those that tie with the cheapest. */
  private static double excess(Candidates candidates, int position, int cheapest) {
    int slot = candidates.slots[cheapest];
    LoadTable loads = candidates.loads;
    boolean shared = loads.foreignRunning[slot] + loads.foreignWaiting[slot] > 0;
    double band = shared ? TIE_BAND_FOREIGN : TIE_BAND;
    return candidates.scores[position] - candidates.scores[cheapest] * (1 + band);
  }

  /** One standard deviation of the time to first token there, in seconds. */
  private static double noise(Candidates candidates, int position) {
    return candidates.scores[position]
        * candidates.loads.observedLogDeviation[candidates.slots[position]];
  }

  /** Among ties with about the most cached, the one that evicts the least. */
  private static int leastEviction(Candidates candidates, int cheapest, int mostCached) {
    int chosen = mostCached;
    double least = evictedTokens(candidates, mostCached);
    double weights = 0;
    for (int i = 0; i < candidates.count; i++) {
      if (!ties(candidates, i, cheapest) || !hasAboutAsMuchCached(candidates, i, mostCached)) {
        continue;
      }
      double evicted = evictedTokens(candidates, i);
      double weight = candidates.loads.weight[candidates.slots[i]];
      if (evicted < least) {
        least = evicted;
        weights = weight;
        chosen = i;
      } else if (evicted == least) {
        weights += weight;
        if (candidates.random.nextDouble() * weights < weight) {
          chosen = i;
        }
      }
    }
    return chosen;
  }

  private static boolean hasAboutAsMuchCached(Candidates candidates, int position, int mostCached) {
    int fewer = candidates.matchedTokens[mostCached] - candidates.matchedTokens[position];
    return fewer <= NEGLIGIBLE_SHARE * candidates.keys.tokens();
  }

  private static double evictedTokens(Candidates candidates, int position) {
    int uncached = candidates.keys.tokens() - candidates.matchedTokens[position];
    return CostModel.evictedTokens(candidates.loads, candidates.slots[position], uncached);
  }
}
