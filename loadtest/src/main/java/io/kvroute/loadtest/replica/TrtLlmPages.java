package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineStats;
import io.kvroute.loadtest.events.TrtLlmEventBuffer;

/**
 * The pages of trtllm-serve, according to its source code (tensorrt_llm/serve/openai_server.py): KV
 * events and iteration statistics by polling, and no tokenizer.
 */
final class TrtLlmPages implements Pages {

  private final SimulatedEngine engine;
  private final TrtLlmEventBuffer events;
  private final String models;
  private long reportedSteps;

  TrtLlmPages(SimulatedEngine engine, TrtLlmEventBuffer events) {
    this.engine = engine;
    this.events = events;
    this.models =
        ("{\"object\":\"list\",\"data\":[{\"id\":%s,\"object\":\"model\",\"created\":%d,"
                + "\"owned_by\":\"tensorrt_llm\"}]}")
            .formatted(
                AnswerFormat.quote(engine.options().model()), System.currentTimeMillis() / 1000);
  }

  @Override
  public void answer(HttpExchange exchange) {
    String method = exchange.request().method();
    if (exchange.request().path().equals("/kv_cache_events")) {
      Pages.only(method.equals("POST"), exchange, () -> exchange.json(200, events.drain()));
      return;
    }
    Runnable page =
        switch (exchange.request().path()) {
          case "/v1/models" -> () -> exchange.json(200, models);
          case "/version" -> () -> exchange.json(200, "{\"version\":\"1.2.0\"}");
          case "/health" -> () -> exchange.respond(200, null, "");
          case "/server_info" ->
              () -> exchange.json(200, "{\"kv_cache_hash_algo\":\"v1_block_key\"}");
          case "/metrics" -> () -> metrics(exchange);
          default -> null;
        };
    if (page == null) {
      exchange.json(404, "{\"detail\":\"Not Found\"}");
    } else {
      Pages.only(method.equals("GET"), exchange, page);
    }
  }

  private void metrics(HttpExchange exchange) {
    exchange.when(
        engine.stats(), stats -> exchange.json(200, "[" + iteration(stats.engine()) + "]"));
  }

  /** The latest iteration; empty if no iteration ran since the last poll. */
  private String iteration(EngineStats stats) {
    if (stats.steps().count() == reportedSteps) {
      return "";
    }
    reportedSteps = stats.steps().count();
    int free = stats.blocks().usable() - stats.blocks().used();
    int blockSize = engine.options().profile().blockSize();
    long queried = stats.tokens().queried() / blockSize;
    long reused = stats.tokens().hit() / blockSize;
    return ("{\"iter\":%d,\"numActiveRequests\":%d,\"numQueuedRequests\":%d,\"kvCacheStats\":"
            + "{\"cacheHitRate\":%s,\"freeNumBlocks\":%d,\"maxNumBlocks\":%d,\"missedBlocks\":%d,"
            + "\"reusedBlocks\":%d,\"tokensPerBlock\":%d,\"usedNumBlocks\":%d}}")
        .formatted(
            stats.steps().count(),
            stats.running(),
            stats.waiting(),
            queried == 0 ? "0.0" : String.valueOf((double) reused / queried),
            free,
            stats.blocks().usable(),
            queried - reused,
            reused,
            blockSize,
            stats.blocks().used());
  }
}
