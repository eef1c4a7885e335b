package io.kvroute.router.admin;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.RequestScanner;
import io.kvroute.router.route.Cost;
import io.kvroute.router.route.Explanation;
import io.kvroute.router.route.RouteQuery;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /explain}: explains where a request would be sent and why. The body is the request's
 * body. {@code ?endpoint=/v1/…} names its API; without it, a body with messages is a chat
 * completion and any other a completion. {@code ?session=…} names its session.
 */
final class ExplainRoute {

  private static final long KEYS_TIMEOUT_SECONDS = 20;

  private final AdminServices services;

  ExplainRoute(AdminServices services) {
    this.services = services;
  }

  AdminResponse explain(AdminRequest request) throws ApiException {
    ApiRequest scanned = scan(request);
    String model = scanned.model();
    if (model == null) {
      throw new ApiException(ApiErrors.missing("model"));
    }
    List<String> served = services.fleet().snapshot().models();
    if (!served.contains(model)) {
      throw new ApiException(ApiErrors.unknownModel(model, served));
    }
    RouteQuery query =
        new RouteQuery(
            model,
            keys(scanned),
            request.parameters().get("session"),
            scanned.output().choices(),
            scanned.output().maxNewTokens(),
            Set.of(),
            false,
            scanned.output().stream());
    return AdminResponse.json(json(services.router().explain(query)));
  }

  private static ApiRequest scan(AdminRequest request) throws ApiException {
    byte[] body = request.body().raw();
    String named = request.parameters().get("endpoint");
    if (named != null) {
      Endpoint endpoint = Endpoint.at(named);
      if (endpoint == null) {
        throw new ApiException(ApiErrors.wrongType("endpoint", named, "a path of the data port"));
      }
      return RequestScanner.scan(endpoint, body);
    }
    try {
      return RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, body);
    } catch (ApiException noChat) {
      if (!"messages".equals(noChat.error().param())) {
        throw noChat;
      }
      return RequestScanner.scan(Endpoint.COMPLETIONS, body);
    }
  }

  private PromptKeys keys(ApiRequest request) throws ApiException {
    CompletableFuture<PromptKeys> keys = new CompletableFuture<>();
    Runnable cancel = services.keys().keysOf(request, Runnable::run, keys::complete);
    try {
      return keys.get(KEYS_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      cancel.run();
      throw new ApiException(ApiErrors.overloaded());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      cancel.run();
      Thread.currentThread().interrupt();
      throw new ApiException(
          new ApiError(503, "The router is stopping.", "ServiceUnavailableError", null));
    }
  }

  private static ObjectNode json(Explanation explanation) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("model", explanation.model());
    json.put("mode", explanation.mode().label());
    json.put("prompt_tokens", explanation.promptTokens());
    json.put("picked", explanation.picked() == null ? null : explanation.picked().value());
    ArrayNode replicas = json.putArray("replicas");
    explanation.replicas().forEach(replica -> describe(replica, replicas.addObject()));
    return json;
  }

  private static void describe(Explanation.ReplicaCost replica, ObjectNode json) {
    json.put("id", replica.id().value());
    json.put("url", replica.url().toString());
    json.put("state", replica.state().label());
    json.put("matched_tokens", replica.matchedTokens());
    json.put("knowledge", replica.knowledge());
    Cost cost = replica.cost();
    json.putObject("cost")
        .put("queue", cost.queue())
        .put("prefill", cost.prefill())
        .put("step", 0.0)
        .put("slot_wait", cost.slotWait())
        .put("harm", cost.harm())
        .put("evict", cost.evict())
        .put("total", cost.total());
  }
}
