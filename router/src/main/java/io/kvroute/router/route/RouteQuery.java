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
 * @param maxNewTokens the request's own limit on its answer, 0 if it sets none
 * @param excluded replicas that have been sent this request before; none of them is picked
 * @param healthyOnly whether only a replica in rotation may be picked
 * @param streamed whether the first token will be seen when it arrives; else its time is estimated
 */
public record RouteQuery(
    String model,
    PromptKeys keys,
    @Nullable String session,
    int choices,
    int maxNewTokens,
    Set<ReplicaId> excluded,
    boolean healthyOnly,
    boolean streamed) {

  /** A request that any replica may be sent, and that sets no limit on its answer. */
  public RouteQuery(
      String model,
      PromptKeys keys,
      @Nullable String session,
      int choices,
      Set<ReplicaId> excluded,
      boolean streamed) {
    this(model, keys, session, choices, 0, excluded, false, streamed);
  }

  /** The same for a request whose answer is streamed. */
  public RouteQuery(
      String model,
      PromptKeys keys,
      @Nullable String session,
      int choices,
      Set<ReplicaId> excluded) {
    this(model, keys, session, choices, excluded, true);
  }

  /**
   * Tokens that a replica must have room for in one context: the prompt and the answer that the
   * request asks for, at least one token.
   */
  int contextTokens() {
    return (int) Math.min(Integer.MAX_VALUE, (long) keys.tokens() + Math.max(1, maxNewTokens));
  }
}
