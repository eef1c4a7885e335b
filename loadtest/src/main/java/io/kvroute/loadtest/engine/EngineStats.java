package io.kvroute.loadtest.engine;

/**
 * An engine's state and counters at one moment, as its metrics tell them.
 *
 * @param running sequences that hold blocks
 * @param waiting sequences that hold none
 * @param usedBlocks blocks that sequences hold
 * @param usableBlocks blocks that sequences could hold
 * @param queriedTokens tokens looked up in the prefix cache at first admissions
 * @param hitTokens tokens of them found
 * @param promptTokens tokens of the prompts whose prefill is done
 * @param cachedPromptTokens tokens of those prompts that were found in the cache
 * @param answerTokens tokens generated
 * @param preemptions times a running sequence lost its blocks
 * @param steps steps done
 * @param stepTokens tokens computed in them
 * @param stopped requests that ended by themselves
 * @param reachedLength requests that ended at their limit
 * @param aborted requests whose client left
 */
public record EngineStats(
    int running,
    int waiting,
    int usedBlocks,
    int usableBlocks,
    long queriedTokens,
    long hitTokens,
    long promptTokens,
    long cachedPromptTokens,
    long answerTokens,
    long preemptions,
    long steps,
    long stepTokens,
    long stopped,
    long reachedLength,
    long aborted) {

  /** The share of usable blocks that sequences hold, 0 to 1. */
  public double usage() {
    return (double) usedBlocks / usableBlocks;
  }
}
