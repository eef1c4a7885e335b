package io.kvroute.router.openai;

/**
 * The token counts that an engine reports; -1 for a count that it does not report.
 *
 * @param promptTokens all prompt tokens, including cached ones
 * @param completionTokens generated tokens
 * @param cachedTokens prompt tokens whose KV the engine reused
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {

  /** Nothing reported. */
  public static final Usage UNKNOWN = new Usage(-1, -1, -1);
}
