package io.kvroute.loadtest.replica;

/**
 * The usage of a request, with vLLM's fields.
 *
 * @param promptTokens tokens of all its prompts
 * @param answerTokens tokens generated so far
 * @param cachedTokens prompt tokens found in the cache
 * @param createdTokens prompt tokens newly stored in full blocks
 * @param details whether the engine reports cached and created tokens
 */
record AnswerUsage(
    int promptTokens, int answerTokens, int cachedTokens, int createdTokens, boolean details) {

  /** The JSON in whole answers, with all fields. */
  String whole(boolean chat) {
    String detailed =
        details
            ? "{\"cached_tokens\":%d,\"created_cache_tokens\":%s,\"multimodal_tokens\":null}"
                .formatted(cachedTokens, chat ? String.valueOf(createdTokens) : "null")
            : "null";
    return counts()
        + ",\"prompt_tokens_details\":"
        + detailed
        + ",\"completion_tokens_details\":null}";
  }

  /** The JSON in streams, without fields that are null. */
  String streamed(boolean chat) {
    if (!details) {
      return counts() + "}";
    }
    String created = chat ? ",\"created_cache_tokens\":" + createdTokens : "";
    return counts()
        + ",\"prompt_tokens_details\":{\"cached_tokens\":%d%s}}".formatted(cachedTokens, created);
  }

  private String counts() {
    return "{\"prompt_tokens\":%d,\"total_tokens\":%d,\"completion_tokens\":%d"
        .formatted(promptTokens, promptTokens + answerTokens, answerTokens);
  }
}
