package io.kvroute.router.admin;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The admin port: health, metrics, the state of replicas, and explanations of routing decisions. It
 * requires no key and shows addresses, so it listens on loopback by default. Thread-safe.
 */
public final class AdminPort implements AutoCloseable {

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final AdminServer server;

  private AdminPort(AdminServer server) {
    this.server = server;
  }

  /**
   * Starts the port.
   *
   * @throws IOException if the address cannot be bound
   */
  public static AdminPort start(InetSocketAddress listen, AdminServices services)
      throws IOException {
    Health health = new Health(services.fleet(), services.serving());
    ReplicaList replicas = new ReplicaList(services);
    LogLevelRoutes loggers = new LogLevelRoutes(services.logLevels());
    AdminRoutes routes =
        new AdminRoutes()
            .add("GET", "/livez", request -> health.live())
            .add("GET", "/readyz", request -> health.ready())
            .add(
                "GET",
                "/metrics",
                request -> AdminResponse.of(PROMETHEUS_TEXT, services.metrics().get()))
            .add("GET", "/replicas", request -> replicas.show())
            .add("POST", "/replicas/{id}/drain", replicas::drain)
            .add("DELETE", "/replicas/{id}/drain", replicas::undrain)
            .add("GET", "/loggers", request -> loggers.show())
            .add("PUT", "/loggers/{name}", loggers::set)
            .add("POST", "/explain", new ExplainRoute(services)::explain)
            .add("GET", "/index", new IndexView(services)::show);
    return new AdminPort(AdminServer.start(listen, routes));
  }

  /** The address it listens on, with the port that the system chose. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
