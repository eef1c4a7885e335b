package io.kvroute.loadtest.replica;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a replica tells of itself, and the control endpoints of tests. On the event loop. */
final class InfoPages {

  private static final String PLAIN = "text/plain; version=1.0.0; charset=utf-8";

  private final SimulatedEngine engine;
  private final @Nullable KvEventPublisher publisher;
  private final RequestIds ids;
  private final String models;

  InfoPages(SimulatedEngine engine, @Nullable KvEventPublisher publisher) {
    this.engine = engine;
    this.publisher = publisher;
    this.ids = new RequestIds(~engine.options().seed());
    this.models = models();
  }

  /** Answers all paths that generate nothing. */
  void answer(HttpExchange exchange) {
    HttpRequestData request = exchange.request();
    boolean get = request.method().equals("GET");
    switch (request.path()) {
      case "/v1/models" -> only(get, exchange, () -> exchange.json(200, models));
      case "/version" -> only(get, exchange, () -> exchange.json(200, "{\"version\":\"0.32.0\"}"));
      case "/health" -> only(get, exchange, () -> exchange.respond(200, null, ""));
      case "/ping" -> exchange.respond(200, null, "");
      case "/load" -> only(get, exchange, () -> exchange.json(200, "{\"server_load\":0}"));
      case "/metrics" ->
          only(
              get,
              exchange,
              () -> when(exchange, engine.metrics(), text -> exchange.respond(200, PLAIN, text)));
      case "/kv_event_sources" -> only(get, exchange, () -> exchange.json(200, eventSources()));
      case "/reset_prefix_cache" ->
          only(
              request.method().equals("POST"),
              exchange,
              () ->
                  when(
                      exchange,
                      engine.resetPrefixCache(),
                      done -> exchange.json(200, "{\"success\":" + done + "}")));
      case "/tokenize" -> exchange.error(ApiException.http(405, "Method Not Allowed"));
      default -> exchange.error(ApiException.http(404, "Not Found"));
    }
  }

  /** {@code GET /control/stats} and {@code POST /control/faults}. */
  void control(HttpExchange exchange, FaultSwitch faults) {
    HttpRequestData request = exchange.request();
    switch (request.path()) {
      case "/control/stats" ->
          when(exchange, engine.stats(), stats -> exchange.json(200, stats.json()));
      case "/control/faults" -> {
        try {
          JsonNode json = RequestReader.json("application/json", request.body());
          faults.set(FaultSwitch.read(json));
          exchange.json(200, "{}");
        } catch (ApiException e) {
          exchange.error(e);
        } catch (IllegalArgumentException e) {
          exchange.error(ApiException.badRequest(null, String.valueOf(e.getMessage())));
        }
      }
      default -> exchange.error(ApiException.http(404, "Not Found"));
    }
  }

  private static void only(boolean method, HttpExchange exchange, Runnable answer) {
    if (method) {
      answer.run();
    } else {
      exchange.error(ApiException.http(405, "Method Not Allowed"));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // answers nobody waits for are no loss
  private static <T> void when(
      HttpExchange exchange, CompletableFuture<T> future, Consumer<T> answer) {
    future.thenAcceptAsync(answer, exchange.eventLoop());
  }

  private String models() {
    String name = AnswerFormat.quote(engine.options().model());
    return ("{\"object\":\"list\",\"data\":[{\"id\":%s,\"object\":\"model\",\"created\":%d,\"owned_by\":\"vllm\","
            + "\"root\":%s,\"parent\":null,\"max_model_len\":%d,\"permission\":[{\"id\":\"modelperm-%s\","
            + "\"object\":\"model_permission\",\"created\":%d,\"allow_create_engine\":false,\"allow_sampling\":true,"
            + "\"allow_logprobs\":true,\"allow_search_indices\":false,\"allow_view\":true,\"allow_fine_tuning\":false,"
            + "\"organization\":\"*\",\"group\":null,\"is_blocking\":false}]}]}")
        .formatted(
            name,
            System.currentTimeMillis() / 1000,
            name,
            engine.options().profile().maxModelTokens(),
            ids.next(),
            System.currentTimeMillis() / 1000);
  }

  private String eventSources() {
    if (publisher == null) {
      return "{}";
    }
    return ("{\"0\":{\"enable_kv_cache_events\":true,\"publisher\":\"zmq\",\"endpoint\":%s,\"replay_endpoint\":%s,"
            + "\"buffer_steps\":%d,\"hwm\":100000,\"max_queue_size\":100000,\"topic\":%s}}")
        .formatted(
            AnswerFormat.quote(publisher.endpoint()),
            AnswerFormat.quote(publisher.replayEndpoint()),
            KvEventPublisher.KEPT_BATCHES,
            AnswerFormat.quote(engine.options().kvTopic()));
  }
}
