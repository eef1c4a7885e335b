package io.kvroute.router.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port's HTTP server. It is off the hot path and serves operators only, so it is the
 * JDK's own server with a virtual thread for each request; a request that waits blocks no other.
 */
final class AdminServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
  private static final int MAX_BODY_BYTES = 64 << 20;

  private final HttpServer server;
  private final ExecutorService threads;
  private final AdminRoutes routes;

  private AdminServer(HttpServer server, ExecutorService threads, AdminRoutes routes) {
    this.server = server;
    this.threads = threads;
    this.routes = routes;
  }

  /**
   * Starts the server.
   *
   * @throws IOException if the address cannot be bound
   */
  static AdminServer start(InetSocketAddress listen, AdminRoutes routes) throws IOException {
    HttpServer server = HttpServer.create(listen, 0);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    AdminServer admin = new AdminServer(server, threads, routes);
    server.setExecutor(threads);
    server.createContext("/", admin::serve);
    server.start();
    return admin;
  }

  /** The address it listens on, with the port that the system chose. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      AdminResponse response = handle(exchange);
      exchange.getResponseHeaders().set("content-type", response.contentType());
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(response.status(), head ? -1 : response.raw().length);
      if (!head) {
        exchange.getResponseBody().write(response.raw());
      }
    }
  }

  private AdminResponse handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try {
      AdminRoutes.Match match = routes.find(exchange.getRequestMethod(), path);
      Map<String, String> parameters = new HashMap<>(query(exchange.getRequestURI().getRawQuery()));
      parameters.putAll(match.parameters());
      return match.handler().handle(new AdminRequest(parameters, body(exchange)));
    } catch (ApiException e) {
      return AdminResponse.error(e.error());
    } catch (RuntimeException e) {
      log.error("{} {} failed", exchange.getRequestMethod(), path, e);
      return AdminResponse.error(ApiErrors.internal());
    }
  }

  private static ApiRequest.Body body(HttpExchange exchange) throws IOException, ApiException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw new ApiException(ApiErrors.bodyTooLarge(MAX_BODY_BYTES));
    }
    return new ApiRequest.Body(body);
  }

  private static Map<String, String> query(@Nullable String query) throws ApiException {
    Map<String, String> parameters = new HashMap<>();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      parameters.put(decode(name), decode(equals < 0 ? "" : pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String text) throws ApiException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiErrors.malformed("the query is not URL-encoded: " + text));
    }
  }
}
