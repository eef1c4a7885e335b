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
  private final BodyDecoders decoders;
  private final OpenConnections connections = new OpenConnections();
  private volatile boolean draining;

  DataPortContext(DataPortServices services, DataPortOptions options) {
    this.services = services;
    this.options = options;
    this.gate = new RequestGate(options, new LocalEndpoints(services.fleet(), this::isDraining));
    this.preparer = new RequestPreparer(services, options);
    this.bodyBudget = new BodyBudget(options.sizes().bodyBudgetBytes());
    this.decoders =
        new BodyDecoders(
            options.sizes().maxBodyBytes(),
            bodyBudget,
            Math.max(1, options.listen().eventLoops() / 2));
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

  BodyDecoders decoders() {
    return decoders;
  }

  RequestReader newReader(Peer peer) {
    return new RequestReader(options, gate, bodyBudget, peer);
  }

  /** An exchange for the request, not yet started. */
  Exchange newExchange(
      ClientConnection client, RequestReader.Incoming.Complete request, String requestId)
      throws ApiException {
    Head head = request.head();
    RequestPreparer.PreparedRequest prepared =
        preparer.prepare(request.admitted(), head, request.body().raw(), requestId, client.peer());
    return new Exchange(services, options, client, prepared);
  }

  /** Whether the port is shutting down. */
  boolean isDraining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
