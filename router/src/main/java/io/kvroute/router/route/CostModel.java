package io.kvroute.router.route;

/**
 * Predicts, in seconds, what it costs to send a request to a replica:
 *
 * <pre>
 *   work     = u + κ·u·(m + u/2)        u: prompt tokens not cached there, m: tokens cached there
 *   queue    = β·(remaining work) + c·waiting + time overdue
 *   prefill  = a + β·work + d·decoding
 *   slotWait = mean decode time · share of the used KV space that must be freed first
 *   harm     = λ·decoding·β·work
 *   evict    = ρ·β·(tokens of cache that the prompt evicts)
 *   cost     = queue + prefill + slotWait + harm + evict
 * </pre>
 *
 * <p>The terms queue, prefill and slotWait predict the request's own time to the first token. The
 * terms harm and evict predict what the request costs other requests. a, β, c and d are learned
 * ({@link TtftModel}, {@link SpeedGroup}). Work measures prefill in tokens: each uncached token
 * counts 1, and additionally κ for each token before it, because attention reads all of them
 * ({@link #ATTENTION_SHARE}). {@link OverduePrefill} defines the time overdue. slotWait is the wait
 * until the engine has room for the prompt in its KV cache; only in this name, a slot is the room
 * for one running request. Everywhere else in this package, a slot is the number of a replica's row
 * in the tables.
 *
 * <p>All functions read one row of the {@link LoadTable} and cost O(1). Guarded by the router's
 * lock.
 *
 * <pre>
 *   a = 10 ms, β = 0.2 ms, c = d = 0; prompt of 2,000 tokens; room for all of it everywhere
 *   replica A: 1,600 cached, 1,000 tokens of work queued, 4 sequences decoding
 *     work 426; queue 0.2 s + prefill 0.095 s + harm 0.05·4·0.085 s = 0.312 s
 *   replica B: nothing cached, idle
 *     work 2,072; queue 0 + prefill 0.424 s = 0.424 s, so A is cheaper
 * </pre>
 */
final class CostModel {

  /**
   * κ: attention's share of the work. A token costs about 2·P floating-point operations, and
   * 4·layers·hidden more for each token before it. For Qwen3-8B (36 layers of 4,096) that is 5.9e5
   * of 1.6e10.
   */
  static final double ATTENTION_SHARE = 3.6e-5;

  /**
   * λ: the cost of delaying one decoding sequence by one second, in seconds of time to first token.
   */
  static final double HARM_SHARE = 0.05;

  /** ρ: the probability that an evicted token would have been asked for again. */
  static final double REUSE_OF_EVICTED = 0.1;

  private CostModel() {}

  /** All terms for the candidates' request at a slot. */
  static Cost cost(Candidates candidates, int slot, int matchedTokens) {
    LoadTable loads = candidates.loads;
    int promptTokens = candidates.keys.tokens();
    int uncached = promptTokens - matchedTokens;
    double work = work(promptTokens, matchedTokens);
    return new Cost(
        queue(loads, slot, candidates.foreignWork, candidates.nowNanos),
        prefill(loads, slot, work),
        slotWait(loads, slot, uncached),
        harm(loads, slot, work),
        evict(loads, slot, uncached));
  }

  /** The sum of all terms, without an allocation. */
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

  /** The time for some work on an idle replica: a + β·work. */
  static double idleSeconds(LoadTable loads, int slot, double work) {
    return loads.overheadSeconds[slot] + loads.secondsPerToken[slot] * work;
  }

  /**
   * The wait for requests sent there before. It grows while the first of them is overdue ({@link
   * OverduePrefill}), so that a replica that hangs gets ever more expensive.
   *
   * @param foreignWork work assumed of a request of another client, in tokens
   */
  static double queue(LoadTable loads, int slot, double foreignWork, long nowNanos) {
    return loads.secondsPerToken[slot] * remainingWork(loads, slot, foreignWork, nowNanos)
        + loads.secondsPerWaiting[slot] * waiting(loads, slot)
        + OverduePrefill.seconds(loads, slot, nowNanos);
  }

  /** Requests there without a first token. */
  static int waiting(LoadTable loads, int slot) {
    return loads.waiting[slot] + loads.foreignWaiting[slot];
  }

  /** Sequences that decode there. */
  static int decoding(LoadTable loads, int slot) {
    return loads.decoding[slot] + loads.foreignRunning[slot];
  }

  /** Prefill work there that is not done yet, in tokens; the first in the queue is in progress. */
  static double remainingWork(LoadTable loads, int slot, double foreignWork, long nowNanos) {
    double done =
        Math.max(0, prefillingSeconds(loads, slot, nowNanos) - loads.overheadSeconds[slot])
            / loads.secondsPerToken[slot];
    return Math.max(0, loads.prefillingWork[slot] - done)
        + loads.queuedWork[slot]
        + foreignWork * loads.foreignWaiting[slot];
  }

  /** How long the first request of the queue has been the first, in seconds; 0 if none waits. */
  static double prefillingSeconds(LoadTable loads, int slot, long nowNanos) {
    return loads.prefillingWork[slot] == 0
        ? 0
        : Math.max(0, nowNanos - loads.prefillingSinceNanos[slot]) * 1e-9;
  }

  /** The time for the prompt's own prefill, in steps that it shares with decoding sequences. */
  static double prefill(LoadTable loads, int slot, double work) {
    return idleSeconds(loads, slot, work) + sharedStepSeconds(loads, slot);
  }

  /** The time that decoding sequences add to the engine steps of a prefill: d·decoding. */
  static double sharedStepSeconds(LoadTable loads, int slot) {
    return loads.secondsPerDecoding[slot] * decoding(loads, slot);
  }

  /**
   * The wait for KV space. If the prompt and the prompts queued before it do not fit beside the
   * running sequences, some running sequences must end first. They are assumed to free their space
   * evenly over the mean decode time. Queued work is taken for the tokens of space that it needs,
   * although it also counts attention.
   */
  static double slotWait(LoadTable loads, int slot, int uncachedTokens) {
    double missing = uncachedTokens + loads.queuedWork[slot] - loads.freeTokens[slot];
    double used = loads.capacityTokens[slot] - loads.freeTokens[slot];
    return missing > 0 && used > 0 ? loads.decodeSeconds[slot] * Math.min(1, missing / used) : 0;
  }

  /** The cost of delaying the sequences that decode there while the prompt is prefilled. */
  static double harm(LoadTable loads, int slot, double work) {
    return HARM_SHARE * decoding(loads, slot) * loads.secondsPerToken[slot] * work;
  }

  /** The tokens of cache that a prompt would evict. */
  static double evictedTokens(LoadTable loads, int slot, int uncachedTokens) {
    return Math.max(0, uncachedTokens - loads.emptyTokens[slot]);
  }

  /** The predicted value of the cache that a prompt would evict. */
  static double evict(LoadTable loads, int slot, int uncachedTokens) {
    return REUSE_OF_EVICTED
        * loads.secondsPerToken[slot]
        * evictedTokens(loads, slot, uncachedTokens);
  }
}
