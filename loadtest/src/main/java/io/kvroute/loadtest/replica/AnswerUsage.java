package io.kvroute.loadtest.replica;

/**
 * What a request cost, in vLLM's words.
 *
 * @param promptTokens of all its prompts
 * @param answerTokens generated so far
 * @param cachedTokens of the prompts, reused
 * @param createdTokens of the prompts, newly in full blocks
 * @param details whether the engine tells the last two
 */
record AnswerUsage(
    int promptTokens, int answerTokens, int cachedTokens, int createdTokens, boolean details) {

  /** As whole answers carry it, with all fields. */
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

  /** As streams carry it, without what is null. */
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
