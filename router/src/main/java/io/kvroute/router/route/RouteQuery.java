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
 * @param streamed whether the first token will be seen when it arrives; else its time is estimated
 */
public record RouteQuery(
    String model,
    PromptKeys keys,
    @Nullable String session,
    int choices,
    Set<ReplicaId> avoid,
    boolean streamed) {

  /** A request whose answer is streamed. */
  public RouteQuery(
      String model, PromptKeys keys, @Nullable String session, int choices, Set<ReplicaId> avoid) {
    this(model, keys, session, choices, avoid, true);
  }
}
