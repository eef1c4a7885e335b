package io.kvroute.router.route;

/**
 * What sending a request to a replica would cost, in seconds, term by term:
 *
 * <pre>
 *   work(r) = u + κ·u·(m + u/2)
 *   cost(r) = queue + prefill + step + slotWait + harm + evict
 * </pre>
 *
 * where u are the prompt's tokens not cached there and m those that are. The first four make up the
 * expected time to the first token; the last two are what the request takes from others. Each term
 * is a function of its own over the load table, so that an explanation can list them.
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

  /**
   * A replica is overdue once it has been silent for its expected time and so many deviations of
   * its own first tokens more (in logarithms).
   */
  static final double OVERDUE_DEVIATIONS = 3;

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
        step(loads, slot),
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
        + step(loads, slot)
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
   * The wait for what was sent there before: the work that is left of it, and how long the replica
   * has been overdue with it, so that one that hangs repels ever more.
   *
   * @param foreignWork work assumed of a request that is not ours
   */
  static double queue(LoadTable loads, int slot, double foreignWork, long nowNanos) {
    return loads.secondsPerToken[slot] * workLeft(loads, slot, foreignWork, nowNanos)
        + loads.secondsPerWaiting[slot] * waiting(loads, slot)
        + overdueSeconds(loads, slot, nowNanos);
  }

  /** Requests there that lack their first token. */
  static int waiting(LoadTable loads, int slot) {
    return loads.waiting[slot] + loads.foreignWaiting[slot];
  }

  /** Sequences that decode there. */
  static int decoding(LoadTable loads, int slot) {
    return loads.decoding[slot] + loads.foreignRunning[slot];
  }

  /** Prefill work there that is not done yet, in tokens; the first in the queue is under way. */
  static double workLeft(LoadTable loads, int slot, double foreignWork, long nowNanos) {
    double done =
        Math.max(0, silentSeconds(loads, slot, nowNanos) - loads.overheadSeconds[slot])
            / loads.secondsPerToken[slot];
    return Math.max(0, loads.workAhead[slot] - done)
        + loads.workBehind[slot]
        + foreignWork * loads.foreignWaiting[slot];
  }

  private static double overdueSeconds(LoadTable loads, int slot, long nowNanos) {
    if (loads.workAhead[slot] == 0) {
      return 0;
    }
    double usual =
        expectedSeconds(loads, slot, loads.workAhead[slot])
            + loads.secondsPerWaiting[slot] * loads.waiting[slot]
            + step(loads, slot);
    double longest = usual * Math.exp(OVERDUE_DEVIATIONS * loads.deviation[slot]);
    return Math.max(0, silentSeconds(loads, slot, nowNanos) - longest);
  }

  /** For how long the first in the queue has been the first. */
  private static double silentSeconds(LoadTable loads, int slot, long nowNanos) {
    return loads.workAhead[slot] == 0
        ? 0
        : Math.max(0, nowNanos - loads.aheadSinceNanos[slot]) * 1e-9;
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

  /** What the sequences that decode there add to the steps in which the prompt is prefilled. */
  static double step(LoadTable loads, int slot) {
    return loads.secondsPerDecoding[slot] * decoding(loads, slot);
  }

  /** What the sequences decoding there lose while the prompt is prefilled. */
  static double harm(LoadTable loads, int slot, double work) {
    return HARM_SHARE * decoding(loads, slot) * loads.secondsPerToken[slot] * work;
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
