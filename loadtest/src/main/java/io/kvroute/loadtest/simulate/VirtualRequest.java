package io.kvroute.loadtest.simulate;

import org.jspecify.annotations.Nullable;

/**
 * What a simulated client asks, and what it will be answered.
 *
 * @param ids the prompt, and behind it the answer; not copied and not to be changed
 * @param promptTokens how many of them are the prompt
 * @param session what names the conversation to the router, if anything does
 * @param conversation the conversation that it is a turn of, which only the simulation knows; null
 *     where it stands alone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record VirtualRequest(
    int[] ids, int promptTokens, @Nullable String session, @Nullable String conversation) {

  public VirtualRequest {
    if (promptTokens < 1 || promptTokens >= ids.length) {
      throw new IllegalArgumentException(
          "promptTokens: %d (expected: from 1 to %d, so that there is an answer)"
              .formatted(promptTokens, ids.length - 1));
    }
  }

  /** One whose session, if it names any, is its conversation. */
  public VirtualRequest(int[] ids, int promptTokens, @Nullable String session) {
    this(ids, promptTokens, session, session);
  }

  int answerTokens() {
    return ids.length - promptTokens;
  }
}
