package io.kvroute.loadtest.replica;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages of vLLM 0.32. */
final class VllmPages implements Pages {

  private static final String PROMETHEUS = "text/plain; version=1.0.0; charset=utf-8";

  private final SimulatedEngine engine;
  private final @Nullable KvEventPublisher publisher;
  private final RequestIds ids;
  private final String models;

  VllmPages(SimulatedEngine engine, @Nullable KvEventPublisher publisher) {
    this.engine = engine;
    this.publisher = publisher;
    this.ids = new RequestIds(~engine.options().seed());
    this.models = models();
  }

  @Override
  public void answer(HttpExchange exchange) {
    String method = exchange.request().method();
    if (exchange.request().path().equals("/reset_prefix_cache")) {
      Pages.only(method.equals("POST"), exchange, () -> reset(exchange));
      return;
    }
    Runnable page =
        switch (exchange.request().path()) {
          case "/v1/models" -> () -> exchange.json(200, models);
          case "/version" -> () -> exchange.json(200, "{\"version\":\"0.32.0\"}");
          case "/health", "/ping" -> () -> exchange.respond(200, null, "");
          case "/load" -> () -> exchange.json(200, "{\"server_load\":0}");
          case "/metrics" -> () -> metrics(exchange);
          case "/kv_event_sources" -> () -> exchange.json(200, eventSources());
          case "/tokenize" ->
              () -> exchange.error(VllmErrorException.http(405, "Method Not Allowed"));
          default -> null;
        };
    if (page == null) {
      exchange.error(VllmErrorException.http(404, "Not Found"));
    } else {
      Pages.only(method.equals("GET"), exchange, page);
    }
  }

  private void metrics(HttpExchange exchange) {
    exchange.when(engine.metrics(), text -> exchange.respond(200, PROMETHEUS, text));
  }

  private void reset(HttpExchange exchange) {
    exchange.when(
        engine.resetPrefixCache(), done -> exchange.json(200, "{\"success\":" + done + "}"));
  }

  private String models() {
    ServedNames served = engine.options().served();
    return served.names().stream()
        .map(name -> card(name, served.root()))
        .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
  }

  private String card(String name, String root) {
    long now = System.currentTimeMillis() / 1000;
    return ("{\"id\":%s,\"object\":\"model\",\"created\":%d,"
            + "\"owned_by\":\"vllm\",\"root\":%s,\"parent\":null,\"max_model_len\":%d,"
            + "\"permission\":[{\"id\":\"modelperm-%s\",\"object\":\"model_permission\","
            + "\"created\":%d,\"allow_create_engine\":false,\"allow_sampling\":true,"
            + "\"allow_logprobs\":true,\"allow_search_indices\":false,\"allow_view\":true,"
            + "\"allow_fine_tuning\":false,\"organization\":\"*\",\"group\":null,"
            + "\"is_blocking\":false}]}")
        .formatted(
            AnswerFormat.quote(name),
            now,
            AnswerFormat.quote(root),
            engine.options().profile().maxModelTokens(),
            ids.next(),
            now);
  }

  private String eventSources() {
    if (publisher == null) {
      return "{}";
    }
    return ("{\"0\":{\"enable_kv_cache_events\":true,\"publisher\":\"zmq\",\"endpoint\":%s,"
            + "\"replay_endpoint\":%s,\"buffer_steps\":%d,\"hwm\":%d,\"max_queue_size\":%d,"
            + "\"topic\":%s}}")
        .formatted(
            AnswerFormat.quote(publisher.endpoint()),
            publisher.replayEndpoint() == null
                ? "null"
                : AnswerFormat.quote(publisher.replayEndpoint()),
            publisher.options().bufferSteps(),
            publisher.options().highWaterMark(),
            publisher.options().highWaterMark(),
            AnswerFormat.quote(publisher.options().topic()));
  }
}
