package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Pages for tests, which no engine has: {@code GET /control/stats}, {@code POST /control/faults}
 * and {@code POST /control/kv-event-faults}.
 */
final class ControlPages implements Pages {

  private final SimulatedEngine engine;
  private final FaultSwitch faults;
  private final @Nullable KvEventPublisher publisher;

  ControlPages(SimulatedEngine engine, FaultSwitch faults, @Nullable KvEventPublisher publisher) {
    this.engine = engine;
    this.faults = faults;
    this.publisher = publisher;
  }

  /** Applies the JSON of a request. */
  private interface Setting {
    void set(JsonNode json);
  }

  @Override
  public void answer(HttpExchange exchange) {
    HttpRequestData request = exchange.request();
    switch (request.path()) {
      case "/control/stats" ->
          exchange.when(engine.stats(), stats -> exchange.json(200, stats.json()));
      case "/control/faults" ->
          Pages.only(
              request.method().equals("POST"),
              exchange,
              () -> set(exchange, json -> faults.set(FaultSwitch.read(json))));
      case "/control/kv-event-faults" ->
          Pages.only(
              request.method().equals("POST"),
              exchange,
              () -> set(exchange, this::setKvEventFaults));
      default -> exchange.error(VllmErrorException.http(404, "Not Found"));
    }
  }

  private void setKvEventFaults(JsonNode json) {
    if (publisher == null) {
      throw new IllegalArgumentException("no KV events (expected: a replica with --kv-events)");
    }
    publisher.setFaults(
        new KvEventFaults(
            json.path("lose").asInt(0), json.path("garble").asInt(0), json.path("hide").asInt(0)));
  }

  private static void set(HttpExchange exchange, Setting setting) {
    try {
      JsonNode json = EngineRequestReader.json("application/json", exchange.request().body());
      setting.set(json);
      exchange.json(200, "{}");
    } catch (VllmErrorException e) {
      exchange.error(e);
    } catch (IllegalArgumentException e) {
      exchange.error(VllmErrorException.badRequest(null, String.valueOf(e.getMessage())));
    }
  }
}
