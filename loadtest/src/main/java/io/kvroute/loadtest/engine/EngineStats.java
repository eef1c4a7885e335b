package io.kvroute.loadtest.engine;

/**
 * An engine's state and counters at one moment, as its metrics report them.
 *
 * @param running sequences that hold blocks
 * @param waiting sequences that hold none
 * @param blocks use of the KV blocks
 * @param tokens token counters
 * @param steps step counters
 * @param finished counters of finished requests
 */
public record EngineStats(
    int running, int waiting, Blocks blocks, Tokens tokens, Steps steps, Finished finished) {

  /**
   * Use of the KV blocks.
   *
   * @param used blocks that sequences hold
   * @param usable blocks that sequences can hold
   */
  public record Blocks(int used, int usable) {}

  /**
   * Token counters.
   *
   * @param queried tokens looked up in the prefix cache, when requests were first admitted
   * @param hit tokens that these look-ups found
   * @param prompt tokens of the prompts whose prefill has ended
   * @param cachedPrompt tokens of those prompts that were found in the cache
   * @param answer tokens generated
   */
  public record Tokens(long queried, long hit, long prompt, long cachedPrompt, long answer) {}

  /**
   * Step counters.
   *
   * @param count steps that have begun
   * @param tokens tokens computed in these steps
   * @param preemptions how often a running sequence lost its blocks
   */
  public record Steps(long count, long tokens, long preemptions) {}

  /**
   * Counters of finished requests.
   *
   * @param stopped requests whose model ended the answer
   * @param reachedLength requests that ended at their token limit
   * @param aborted requests whose client disconnected
   */
  public record Finished(long stopped, long reachedLength, long aborted) {}

  /** The share of usable blocks that sequences hold, 0 to 1. */
  public double usage() {
    return (double) blocks.used() / blocks.usable();
  }
}
