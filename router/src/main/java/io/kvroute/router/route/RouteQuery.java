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
 * @param excluded replicas that have been sent this request before; none of them is picked
 * @param healthyOnly whether only a replica in rotation may be picked
 * @param streamed whether the first token will be seen when it arrives; else its time is estimated
 */
public record RouteQuery(
    String model,
    PromptKeys keys,
    @Nullable String session,
    int choices,
    Set<ReplicaId> excluded,
    boolean healthyOnly,
    boolean streamed) {

  /** A request that any replica may be sent. */
  public RouteQuery(
      String model,
      PromptKeys keys,
      @Nullable String session,
      int choices,
      Set<ReplicaId> excluded,
      boolean streamed) {
    this(model, keys, session, choices, excluded, false, streamed);
  }

  /** A request whose answer is streamed. */
  public RouteQuery(
      String model,
      PromptKeys keys,
      @Nullable String session,
      int choices,
      Set<ReplicaId> excluded) {
    this(model, keys, session, choices, excluded, true);
  }
}
