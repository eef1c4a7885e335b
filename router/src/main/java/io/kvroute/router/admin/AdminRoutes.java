package io.kvroute.router.admin;

import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The admin port's handlers by method and path. Built before serving starts, then only read. */
final class AdminRoutes {

  /** Handles requests. Called concurrently on any thread. */
  interface Handler {
    AdminResponse handle(AdminRequest request) throws ApiException;
  }

  /** A handler and the parameters taken from the path. */
  record Match(Handler handler, Map<String, String> parameters) {}

  private record Route(String method, List<String> segments, Handler handler) {}

  private final List<Route> routes = new ArrayList<>();

  /** Adds a route; a path segment {@code {name}} matches any text and becomes a parameter. */
  AdminRoutes add(String method, String path, Handler handler) {
    routes.add(new Route(method, segments(path), handler));
    return this;
  }

  /**
   * Finds the handler for a request.
   *
   * @throws ApiException if the path is unknown or does not accept the method
   */
  Match find(String method, String path) throws ApiException {
    List<String> segments = segments(path);
    List<String> allowed = new ArrayList<>();
    for (Route route : routes) {
      Map<String, String> parameters = parameters(route.segments, segments);
      if (parameters != null && accepts(route.method, method)) {
        return new Match(route.handler, parameters);
      }
      if (parameters != null) {
        allowed.add(route.method);
      }
    }
    throw new ApiException(
        allowed.isEmpty()
            ? ApiErrors.unknownPath(path)
            : ApiErrors.methodNotAllowed(method, String.join(", ", allowed)));
  }

  private static boolean accepts(String declared, String method) {
    return declared.equals(method) || (declared.equals("GET") && method.equals("HEAD"));
  }

  private static @Nullable Map<String, String> parameters(
      List<String> pattern, List<String> segments) {
    if (pattern.size() != segments.size()) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String expected = pattern.get(i);
      if (expected.startsWith("{")) {
        parameters.put(expected.substring(1, expected.length() - 1), segments.get(i));
      } else if (!expected.equals(segments.get(i))) {
        return null;
      }
    }
    return parameters;
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
