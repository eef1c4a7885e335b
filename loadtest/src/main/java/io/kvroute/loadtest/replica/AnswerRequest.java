package io.kvroute.loadtest.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat or completion request, read and checked.
 *
 * @param chat chat or completion
 * @param prompts token ids; several only for completions
 * @param choices answers to each prompt
 * @param maxTokens the answer's limit; 0 if the request sets none
 * @param stream whether to answer in events
 * @param includeUsage whether a stream ends with its usage
 * @param continuousUsage whether every event carries it
 * @param returnTokenIds whether to show ids
 * @param ignoreEnd whether answers go on to their limit
 * @param seed the request's own seed, or 0
 * @param cacheSalt null for none
 * @param toolCall what to answer instead of text; null for text
 */
record AnswerRequest(
    boolean chat,
    List<int[]> prompts,
    int choices,
    int maxTokens,
    boolean stream,
    boolean includeUsage,
    boolean continuousUsage,
    boolean returnTokenIds,
    boolean ignoreEnd,
    long seed,
    @Nullable String cacheSalt,
    @Nullable ToolCall toolCall) {

  /** Prompts' tokens in all. */
  int promptTokens() {
    return prompts.stream().mapToInt(prompt -> prompt.length).sum();
  }
}
