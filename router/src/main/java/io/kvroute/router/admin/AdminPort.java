package io.kvroute.router.admin;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The admin port: health, metrics, what is known of replicas, and why decisions are what they are.
 * It asks for no key and shows addresses, so it listens on loopback unless it is told otherwise.
 */
public final class AdminPort implements AutoCloseable {

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final AdminServer server;

  private AdminPort(AdminServer server) {
    this.server = server;
  }

  /**
   * Listens and answers.
   *
   * @throws IOException if the address cannot be bound
   */
  public static AdminPort start(InetSocketAddress listen, AdminPlane plane) throws IOException {
    Health health = new Health(plane.fleet(), plane.serving());
    ReplicaList replicas = new ReplicaList(plane);
    AdminRoutes routes =
        new AdminRoutes()
            .add("GET", "/livez", request -> health.live())
            .add("GET", "/readyz", request -> health.ready())
            .add(
                "GET",
                "/metrics",
                request -> AdminAnswer.of(PROMETHEUS_TEXT, plane.metrics().get()))
            .add("GET", "/replicas", request -> replicas.show())
            .add("POST", "/replicas/{id}/drain", replicas::drain)
            .add("POST", "/explain", new Explainer(plane)::explain)
            .add("GET", "/index", new IndexView(plane)::show);
    return new AdminPort(AdminServer.start(listen, routes));
  }

  /** Where it listens; with the port that the system chose. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
