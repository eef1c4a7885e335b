package io.kvroute.loadtest.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat or completion request, parsed and checked.
 *
 * @param chat whether it is a chat request; else a completion request
 * @param prompts token ids of the prompts; several only for completions
 * @param sampling how answers are generated
 * @param streaming whether and how the answer is streamed
 * @param returnTokenIds whether the answer contains token ids
 * @param cacheSalt the cache salt; null for none
 * @param toolCall the tool call to answer with; null for text
 */
record AnswerRequest(
    boolean chat,
    List<int[]> prompts,
    Sampling sampling,
    Streaming streaming,
    boolean returnTokenIds,
    @Nullable String cacheSalt,
    @Nullable ToolCall toolCall) {

  /**
   * How answers are generated.
   *
   * @param choices number of answers per prompt
   * @param maxTokens limit of an answer; 0 if the request sets none
   * @param ignoreEnd whether answers continue to their limit
   * @param seed the request's seed, or 0
   */
  record Sampling(int choices, int maxTokens, boolean ignoreEnd, long seed) {}

  /**
   * How an answer is streamed.
   *
   * @param enabled whether the answer is a stream of events
   * @param includeUsage whether a stream ends with its usage
   * @param continuousUsage whether every event contains the usage
   */
  record Streaming(boolean enabled, boolean includeUsage, boolean continuousUsage) {}

  /** The number of tokens of all prompts. */
  int promptTokens() {
    return prompts.stream().mapToInt(prompt -> prompt.length).sum();
  }
}
