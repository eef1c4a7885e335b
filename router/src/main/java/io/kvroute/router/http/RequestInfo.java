package io.kvroute.router.http;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.route.RouteQuery;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request besides its body, and needed until its response has ended.
 *
 * @param request without its body
 * @param session the session that the client named, if any
 * @param client the address of the connection's other end
 * @param key the name of the client's API key, empty if none is required
 * @param usageAdded whether the router asked for stream usage that the client did not ask for
 */
record RequestInfo(
    ApiRequest request,
    String model,
    @Nullable String session,
    String requestId,
    String client,
    String key,
    boolean usageAdded) {

  /** Asks for a replica for this request, none of {@code excluded}. */
  RouteQuery routeQuery(PromptKeys keys, Set<ReplicaId> excluded, boolean healthyOnly) {
    ApiRequest.Output output = request.output();
    return new RouteQuery(
        model,
        keys,
        session,
        output.choices(),
        output.maxNewTokens(),
        excluded,
        healthyOnly,
        output.stream());
  }
}
