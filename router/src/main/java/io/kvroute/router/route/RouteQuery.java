package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptKeys;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a decision needs to know of a request.
 *
 * @param session the name of the session to which the request belongs, null where not known
 * @param choices answers asked for, at least 1
 * @param avoid replicas that have just failed this request; they are used only if no other is left
 * @param maxNewTokens the request's own limit on its answer, 0 if it sets none
 * @param streamed whether the first token will be seen when it arrives; else its time is estimated
 */
public record RouteQuery(
    String model,
    PromptKeys keys,
    @Nullable String session,
    int choices,
    int maxNewTokens,
    Set<ReplicaId> avoid,
    boolean streamed) {

  /** A request that sets no limit on its answer. */
  public RouteQuery(
      String model,
      PromptKeys keys,
      @Nullable String session,
      int choices,
      Set<ReplicaId> avoid,
      boolean streamed) {
    this(model, keys, session, choices, 0, avoid, streamed);
  }

  /** A request whose answer is streamed, and that sets no limit on it. */
  public RouteQuery(
      String model, PromptKeys keys, @Nullable String session, int choices, Set<ReplicaId> avoid) {
    this(model, keys, session, choices, avoid, true);
  }

  /**
   * Tokens that a replica must have room for in one context: the prompt and the answer that the
   * request asks for, at least one token.
   */
  int contextTokens() {
    return (int) Math.min(Integer.MAX_VALUE, (long) keys.tokens() + Math.max(1, maxNewTokens));
  }
}
