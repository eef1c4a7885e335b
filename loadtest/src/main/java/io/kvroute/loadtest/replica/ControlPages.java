package io.kvroute.loadtest.replica;

import tools.jackson.databind.JsonNode;

/** {@code GET /control/stats} and {@code POST /control/faults}, which no engine has: for tests. */
final class ControlPages implements Pages {

  private final SimulatedEngine engine;
  private final FaultSwitch faults;

  ControlPages(SimulatedEngine engine, FaultSwitch faults) {
    this.engine = engine;
    this.faults = faults;
  }

  @Override
  public void answer(HttpExchange exchange) {
    HttpRequestData request = exchange.request();
    switch (request.path()) {
      case "/control/stats" ->
          exchange.when(engine.stats(), stats -> exchange.json(200, stats.json()));
      case "/control/faults" ->
          Pages.only(request.method().equals("POST"), exchange, () -> setFaults(exchange));
      default -> exchange.error(ApiException.http(404, "Not Found"));
    }
  }

  private void setFaults(HttpExchange exchange) {
    try {
      JsonNode json = RequestReader.json("application/json", exchange.request().body());
      faults.set(FaultSwitch.read(json));
      exchange.json(200, "{}");
    } catch (ApiException e) {
      exchange.error(e);
    } catch (IllegalArgumentException e) {
      exchange.error(ApiException.badRequest(null, String.valueOf(e.getMessage())));
    }
  }
}
