package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptKeys;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request, as the decision sees it.
 *
 * @param session what names the session it belongs to, if anything does
 * @param maxNewTokens the limit the request sets on its answer, 0 where it sets none
 * @param choices answers asked for, at least 1
 * @param avoid replicas that have just failed this request; used again only if no other is left
 * @param streamed whether the answer's first token will be seen when it comes; where it is not, its
 *     time is estimated
 */
public record RouteQuery(
    String model,
    PromptKeys keys,
    @Nullable String session,
    int maxNewTokens,
    int choices,
    Set<ReplicaId> avoid,
    boolean streamed) {

  /** A request whose answer is streamed. */
  public RouteQuery(
      String model,
      PromptKeys keys,
      @Nullable String session,
      int maxNewTokens,
      int choices,
      Set<ReplicaId> avoid) {
    this(model, keys, session, maxNewTokens, choices, avoid, true);
  }
}
