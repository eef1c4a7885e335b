package io.kvroute.loadtest.verify;

import org.jspecify.annotations.Nullable;

/**
 * One recorded request of a real engine.
 *
 * @param prompt token ids of the prompt
 * @param output token ids of the answer, at least one
 * @param cachedTokens prompt tokens that the engine found in its cache
 * @param times times of the request; null in a recording of requests one after another
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
public record RecordedRequest(int[] prompt, int[] output, int cachedTokens, @Nullable Times times) {

  /**
   * Times that the client measured, in nanoseconds from the recording's start.
   *
   * @param sent when the client sent the request
   * @param firstToken when the first token arrived
   * @param finished when the last token arrived
   */
  public record Times(long sent, long firstToken, long finished) {}
}
