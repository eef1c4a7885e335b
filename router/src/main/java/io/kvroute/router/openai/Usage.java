package io.kvroute.router.openai;

/**
 * What an engine says a request took. -1 stands for what it did not say.
 *
 * @param promptTokens all prompt tokens, those from the cache included
 * @param completionTokens tokens of the answer
 * @param cachedTokens prompt tokens whose KV the engine reused
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {

  /** Nothing said. */
  public static final Usage UNKNOWN = new Usage(-1, -1, -1);
}
