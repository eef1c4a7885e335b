package io.kvroute.router.route;

/**
 * Picks the replica with the lowest cost by {@link CostModel}. Costs are predictions, so every cost
 * within a few percent of the lowest counts as equal to it (a tie). Among ties, these rules decide
 * in this order:
 *
 * <ol>
 *   <li>the replica of the session's last request,
 *   <li>the replica with the most of the prompt cached, give or take 2 percent of the prompt,
 *   <li>the replica where the request evicts the least,
 *   <li>chance, in proportion to weights.
 * </ol>
 *
 * <p>A follow-up ({@link FollowUps}) goes to another replica than the one with most of its prompt
 * cached only if the predicted gain exceeds the noise of times to first token: two standard
 * deviations of the difference of both costs. A move is expensive: the other replica computes the
 * whole history again and evicts blocks that other requests need, and later turns follow it there.
 * Without this threshold, noise alone would move conversations to and fro. The first request of a
 * conversation, which only shares a prefix, needs a gain of an eighth of a standard deviation.
 *
 * <p>Cost: two passes over the candidates, O(1) for each candidate. The follow-up check is needed
 * only if some candidate has more cached than the cheapest one and does not tie with it.
 *
 * <pre>
 *   costs 1.00, 1.02, 1.40 s; cached 0, 0, 900 of 1,000 tokens; noise 30 percent
 *   a new prompt                       first and second tie (within 3 percent); picks the one
 *                                      where the request evicts less
 *   a new prompt, session at second    second
 *   a follow-up                        third: the noise of its cost is 0.3·1.40 = 0.42 s, of the
 *                                      lowest 0.3·1.00 = 0.30 s, of their difference the root of
 *                                      0.42² + 0.30², 0.52 s; the gain of 1.40 - 1.03 = 0.37 s is
 *                                      less than twice that
 * </pre>
 */
final class KvAware implements Policy {

  /** The largest excess over the lowest cost, as a share of it, with which a cost still ties. */
  static final double TIE_BAND = 0.03;

  /**
   * The same on a replica with requests of other clients, whose load the router knows only late and
   * roughly.
   */
  static final double TIE_BAND_FOREIGN = 0.15;

  /**
   * The gain that a follow-up's move needs, in standard deviations of the difference of both costs.
   * In scenario noisy-conversations, thresholds of 0, 1 and 2 move 12, 3 and 2 percent of the
   * turns.
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

  /** Among ties with about the most cached, the one where the request evicts the least. */
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
