package io.kvroute.router.http;

import io.kvroute.router.openai.ApiException;
import io.kvroute.router.wire.Head;

/** Shared state of all connections of a data port. Thread-safe. */
final class DataPortContext {

  private final DataPortServices services;
  private final DataPortOptions options;
  private final RequestGate gate;
  private final RequestPreparer preparer;
  private final BodyBudget bodyBudget;
  private final OpenConnections connections = new OpenConnections();
  private final RetryBudget retryBudget = new RetryBudget();
  private volatile boolean draining;

  DataPortContext(DataPortServices services, DataPortOptions options) {
    this.services = services;
    this.options = options;
    this.gate = new RequestGate(options, new LocalEndpoints(services.fleet(), this::isDraining));
    this.preparer = new RequestPreparer(services, options);
    this.bodyBudget = new BodyBudget(options.sizes().bodyBudgetBytes());
  }

  DataPortOptions options() {
    return options;
  }

  DataPortMetrics metrics() {
    return services.metrics();
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

  /** An exchange for the request, not yet started. */
  Exchange newExchange(
      ClientConnection client, RequestReader.Incoming.Complete request, String requestId)
      throws ApiException {
    Head head = request.head();
    RequestPreparer.PreparedRequest prepared =
        preparer.prepare(
            request.admitted(), head, request.body().raw(), requestId, client.clientAddress());
    return new Exchange(services, options, retryBudget, client, prepared);
  }

  /** Whether the port is shutting down. */
  boolean isDraining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
