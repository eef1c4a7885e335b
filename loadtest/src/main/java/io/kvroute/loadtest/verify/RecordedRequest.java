package io.kvroute.loadtest.verify;

import org.jspecify.annotations.Nullable;

/**
 * What a real engine did with one request.
 *
 * @param prompt its token ids
 * @param output the answer's, at least one
 * @param cachedTokens tokens of the prompt that the engine reused
 * @param times when; null where requests followed each other one by one
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record RecordedRequest(int[] prompt, int[] output, int cachedTokens, @Nullable Times times) {

  /**
   * When, as the client saw it, in nanoseconds from the recording's start.
   *
   * @param sent the request left
   * @param firstToken the first token came
   * @param finished the last token came
   */
  public record Times(long sent, long firstToken, long finished) {}
}
