package io.kvroute.router.http;

import io.kvroute.router.accesslog.AccessEntry;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.wire.Head;
import org.jspecify.annotations.Nullable;

/** Shared state of all connections of a data port. Thread-safe. */
final class DataPortContext {

  private static final AccessEntry.Timing NO_TIMES = new AccessEntry.Timing(-1, -1, -1, -1, -1);

  private final DataPortServices services;
  private final DataPortOptions options;
  private final RequestGate gate;
  private final RequestPreparer preparer;
  private final BodyBudget bodyBudget;
  private final BodyDecoders decoders;
  private final FailureLog failures = new FailureLog();
  private final OpenConnections connections = new OpenConnections();
  private final RetryBudget retryBudget = new RetryBudget();
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

  /** The router refused a request before it was routed. */
  void refused(@Nullable Endpoint endpoint, String requestId, String client, int status) {
    String reason = services.metrics().refused(endpoint, status);
    if (reason == null) {
      return;
    }
    failures.refused(requestId, reason);
    services
        .accessLog()
        .add(
            new AccessEntry(
                System.currentTimeMillis(),
                new AccessEntry.Request(
                    requestId,
                    client,
                    null,
                    endpoint == null ? null : endpoint.path(),
                    null,
                    false),
                null,
                NO_TIMES,
                new AccessEntry.Result(status, -1, reason)));
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
    return new Exchange(services, failures, options, retryBudget, client, prepared);
  }

  /** Whether the port is shutting down. */
  boolean isDraining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
