package io.kvroute.router.http;

import io.kvroute.router.openai.ApiException;
import io.kvroute.router.wire.Head;

/** What the connections of a data port share. Thread-safe. */
final class DataPortContext {

  private final DataPlane plane;
  private final DataPortOptions options;
  private final RequestGate gate;
  private final RequestPreparer intake;
  private final BodyBudget bodyBudget;
  private final OpenConnections connections = new OpenConnections();
  private volatile boolean draining;

  DataPortContext(DataPlane plane, DataPortOptions options) {
    this.plane = plane;
    this.options = options;
    this.gate = new RequestGate(options, new LocalEndpoints(plane.fleet(), this::isDraining));
    this.intake = new RequestPreparer(plane, options);
    this.bodyBudget = new BodyBudget(options.bodyBudgetBytes());
  }

  DataPortOptions options() {
    return options;
  }

  DataPortMetrics metrics() {
    return plane.metrics();
  }

  OpenConnections connections() {
    return connections;
  }

  BodyBudget bodyBudget() {
    return bodyBudget;
  }

  RequestReader newReader() {
    return new RequestReader(options, gate, bodyBudget);
  }

  /** A request's life, not yet begun. */
  Exchange exchange(ClientConnection client, RequestReader.Incoming.Whole request, String requestId)
      throws ApiException {
    Head head = request.head();
    RequestPreparer.Accepted accepted =
        intake.accept(request.admitted(), head, request.body().raw(), requestId, client.address());
    return new Exchange(plane, options, client, accepted);
  }

  /** Whether the port is shutting down. */
  boolean isDraining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
