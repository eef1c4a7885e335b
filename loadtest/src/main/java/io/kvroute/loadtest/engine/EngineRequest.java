package io.kvroute.loadtest.engine;

import org.jspecify.annotations.Nullable;

/**
 * A request as the engine receives it.
 *
 * @param id unique among the requests alive in one engine
 * @param prompt token ids, at least one; not copied, so callers must not change it
 * @param maxTokens number of answer tokens after which the request ends with {@link
 *     FinishReason#LENGTH}; at least 1
 * @param answer the tokens to generate
 * @param endToken the token that ends the answer with {@link FinishReason#STOP}, or -1 for none
 * @param cacheSalt requests with different salts share no blocks; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // identity is the id; a prompt is never compared
public record EngineRequest(
    long id,
    int[] prompt,
    int maxTokens,
    TokenSource answer,
    int endToken,
    @Nullable String cacheSalt) {

  public EngineRequest {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("prompt: 0 tokens (expected: >= 1)");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens: " + maxTokens + " (expected: >= 1)");
    }
  }
}
