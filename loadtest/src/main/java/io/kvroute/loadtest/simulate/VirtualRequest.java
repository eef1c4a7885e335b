package io.kvroute.loadtest.simulate;

import org.jspecify.annotations.Nullable;

/**
 * A simulated client's request together with its future answer.
 *
 * @param ids token ids of the prompt followed by those of the answer; not copied, so callers must
 *     not change it
 * @param promptTokens number of ids that belong to the prompt
 * @param session the session id that the client sends to the router; null for none
 * @param conversation the conversation that the request is a turn of, which only the simulation
 *     knows; null for a single request
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

  /** A request whose conversation is its session, if it has one. */
  public VirtualRequest(int[] ids, int promptTokens, @Nullable String session) {
    this(ids, promptTokens, session, session);
  }

  int answerTokens() {
    return ids.length - promptTokens;
  }
}
