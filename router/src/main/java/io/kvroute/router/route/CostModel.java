package io.kvroute.router.route;

/**
 * What sending a request to a replica would cost, in seconds, term by term:
 *
 * <pre>
 *   work(r) = u + κ·u·(m + u/2)
 *   cost(r) = queue + prefill + step + slotWait + harm + evict
 * </pre>
 *
 * where u are the prompt's tokens not cached there and m those that are. Each term is a function of
 * its own over the load table, so that an explanation can list them.
 */
final class CostModel {

  /**
   * κ: attention's share. A token costs about 2·P floating-point operations, and 4·layers·hidden
   * more for each token before it; for Qwen3-8B (36 layers of 4,096) that is 5.9e5 of 1.6e10.
   */
  static final double ATTENTION_SHARE = 3.6e-5;

  /** λ: how much it counts that decoding sequences wait while a prompt is prefilled. */
  static final double HARM_SHARE = 0.05;

  /** How likely it is that a token pushed out would have been asked for again. */
  static final double REUSE_OF_EVICTED = 0.1;

  private CostModel() {}

  /** All terms for a request, matched to so many tokens at a slot. */
  static Cost cost(Candidates candidates, int slot, int matchedTokens) {
    LoadTable loads = candidates.loads;
    int promptTokens = candidates.keys.tokens();
    int uncached = promptTokens - matchedTokens;
    double work = work(promptTokens, matchedTokens);
    return new Cost(
        queue(loads, slot, candidates.foreignWork, candidates.nowNanos),
        prefill(loads, slot, work),
        0,
        slotWait(loads, slot, uncached),
        harm(loads, slot, work),
        evict(loads, slot, uncached));
  }

  /** The total alone, without an object for it. */
  static double total(Candidates candidates, int slot, int matchedTokens) {
    LoadTable loads = candidates.loads;
    int promptTokens = candidates.keys.tokens();
    int uncached = promptTokens - matchedTokens;
    double work = work(promptTokens, matchedTokens);
    return queue(loads, slot, candidates.foreignWork, candidates.nowNanos)
        + prefill(loads, slot, work)
        + slotWait(loads, slot, uncached)
        + harm(loads, slot, work)
        + evict(loads, slot, uncached);
  }

  /** The prefill work of a prompt, in tokens. */
  static double work(int promptTokens, int matchedTokens) {
    double uncached = Math.max(1, promptTokens - matchedTokens);
    return uncached + ATTENTION_SHARE * uncached * (matchedTokens + uncached / 2);
  }

  /** How long some work should take on an idle replica. */
  static double expectedSeconds(LoadTable loads, int slot, double work) {
    return loads.overheadSeconds[slot] + loads.secondsPerToken[slot] * work;
  }

  /**
   * The wait until what was sent there before is prefilled. The one whose turn it is counts for
   * what is left of its time; once it is overdue, for as long again as it is overdue, so that a
   * replica that hangs repels ever more.
   *
   * @param foreignWork work assumed of a request that is not ours
   */
  static double queue(LoadTable loads, int slot, double foreignWork, long nowNanos) {
    double seconds =
        loads.secondsPerToken[slot]
            * (loads.workBehind[slot] + foreignWork * loads.foreignWaiting[slot]);
    if (loads.workAhead[slot] > 0) {
      double elapsed = (nowNanos - loads.aheadSinceNanos[slot]) * 1e-9;
      seconds += Math.abs(expectedSeconds(loads, slot, loads.workAhead[slot]) - elapsed);
    }
    return seconds;
  }

  static double prefill(LoadTable loads, int slot, double work) {
    return expectedSeconds(loads, slot, work);
  }

  /**
   * The wait for room: where the prompt and those queued before it do not fit beside the running
   * sequences, these must end first, and they give back their space over their decoding time.
   * Queued work, in tokens but for attention's share, stands for the space that it will take.
   */
  static double slotWait(LoadTable loads, int slot, int uncachedTokens) {
    double missing = uncachedTokens + loads.workBehind[slot] - loads.freeTokens[slot];
    double used = loads.capacityTokens[slot] - loads.freeTokens[slot];
    return missing > 0 && used > 0 ? loads.decodeSeconds[slot] * Math.min(1, missing / used) : 0;
  }

  /** What the sequences decoding there lose while the prompt is prefilled. */
  static double harm(LoadTable loads, int slot, double work) {
    int sequences = loads.decoding[slot] + loads.foreignRunning[slot];
    return HARM_SHARE * sequences * loads.secondsPerToken[slot] * work;
  }

  /** The tokens of cache that a prompt would push out. */
  static double evictedTokens(LoadTable loads, int slot, int uncachedTokens) {
    return Math.max(0, uncachedTokens - loads.emptyTokens[slot]);
  }

  /** What the cache pushed out would have been worth. */
  static double evict(LoadTable loads, int slot, int uncachedTokens) {
    return REUSE_OF_EVICTED
        * loads.secondsPerToken[slot]
        * evictedTokens(loads, slot, uncachedTokens);
  }
}
