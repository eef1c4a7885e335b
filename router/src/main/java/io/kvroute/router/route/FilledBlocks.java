package io.kvroute.router.route;

/**
 * Counts the full blocks that an engine computed for a request and did not have in its cache
 * before. An engine with KV events must have reported each of them.
 *
 * <pre>
 *   block size 16, prompt of 40 tokens, 16 of them cached, answer of 10 tokens
 *   full blocks of the prompt that were not cached: (40 - 1) / 16 - 16 / 16 = 1
 *   tokens computed in all: 40 + 10 - 1 = 49 (the last sampled token is never computed)
 *   full blocks that the answer added: 49 / 16 - 40 / 16 = 1
 *   filled: 2
 * </pre>
 */
final class FilledBlocks {

  private FilledBlocks() {}

  /**
   * The count for one request, 0 where the prompt's length is not known.
   *
   * @param answerTokens tokens of one answer
   */
  static int count(
      RouteObserver.Routed routed, Outcome.Completed completed, int answerTokens, int blockSize) {
    boolean exact = routed.mode().isExact();
    int reportedPrompt = completed.promptTokens();
    int prompt = reportedPrompt >= 0 ? reportedPrompt : exact ? routed.match().promptTokens() : 0;
    int reportedCached = completed.cachedTokens();
    int cached = reportedCached >= 0 ? reportedCached : exact ? routed.match().tokens() : prompt;
    if (prompt == 0) {
      return 0;
    }
    int computed = Math.max(prompt, prompt + answerTokens - 1);
    int uncachedBlocks = Math.max(0, (prompt - 1) / blockSize - cached / blockSize);
    return uncachedBlocks + computed / blockSize - prompt / blockSize;
  }
}
