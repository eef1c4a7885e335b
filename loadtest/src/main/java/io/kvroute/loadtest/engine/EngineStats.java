package io.kvroute.loadtest.engine;

/**
 * An engine's state and counters at one moment, as its metrics report them.
 *
 * @param running sequences that hold blocks
 * @param waiting sequences that hold none
 * @param usedBlocks blocks that sequences hold
 * @param usableBlocks blocks that sequences can hold
 * @param queriedTokens tokens looked up in the prefix cache, when requests were first admitted
 * @param hitTokens tokens that these look-ups found
 * @param promptTokens tokens of the prompts whose prefill has ended
 * @param cachedPromptTokens tokens of those prompts that were found in the cache
 * @param answerTokens tokens generated
 * @param preemptions how often a running sequence lost its blocks
 * @param steps steps that have begun
 * @param stepTokens tokens computed in these steps
 * @param stopped requests whose model ended the answer
 * @param reachedLength requests that ended at their token limit
 * @param aborted requests whose client disconnected
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
