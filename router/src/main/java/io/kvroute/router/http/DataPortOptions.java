package io.kvroute.router.http;

import io.kvroute.router.upstream.UpstreamOptions;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The data port's settings.
 *
 * @param eventLoops threads that serve connections
 * @param pathPrefix what may stand before every path, such as {@code /openai}; empty for nothing
 * @param apiKeys keys of which a request must bring one; empty lets everybody in
 * @param maxHeadBytes of a request
 * @param maxBodyBytes of a request
 * @param bodyBudgetBytes request bodies held at once, over all connections
 * @param routingHeaders whether answers tell mode, prompt tokens and matched tokens
 * @param addUsage whether streams are asked for usage that their clients did not ask for
 * @param sessionHeader the request header that names a session, in lower case
 * @param maxAttempts replicas tried for a request, the first included
 * @param drainDelayMillis how long a port that shuts down still accepts while its health says no,
 *     so that load balancers notice first
 */
public record DataPortOptions(
    InetSocketAddress listen,
    int eventLoops,
    String pathPrefix,
    List<String> apiKeys,
    int maxHeadBytes,
    int maxBodyBytes,
    long bodyBudgetBytes,
    boolean routingHeaders,
    boolean addUsage,
    String sessionHeader,
    int maxAttempts,
    int drainDelayMillis,
    Timeouts timeouts,
    UpstreamOptions upstream) {

  /** Checks ranges. */
  public DataPortOptions {
    apiKeys = List.copyOf(apiKeys);
    atLeast("eventLoops", eventLoops, 1);
    atLeast("maxHeadBytes", maxHeadBytes, 1024);
    atLeast("maxBodyBytes", maxBodyBytes, 1024);
    atLeast("bodyBudgetBytes", bodyBudgetBytes, maxBodyBytes);
    atLeast("maxAttempts", maxAttempts, 1);
    atLeast("drainDelayMillis", drainDelayMillis, 0);
    if (!pathPrefix.isEmpty() && (!pathPrefix.startsWith("/") || pathPrefix.endsWith("/"))) {
      throw new IllegalArgumentException(
          "pathPrefix: " + pathPrefix + " (expected: empty, or /… without a slash at its end)");
    }
  }

  /** Listens on {@code listen}, with an event loop for each core and a quarter of the heap. */
  public static DataPortOptions defaults(InetSocketAddress listen) {
    int maxBodyBytes = 64 << 20;
    return new DataPortOptions(
        listen,
        Runtime.getRuntime().availableProcessors(),
        "",
        List.of(),
        32 << 10,
        maxBodyBytes,
        Math.max(maxBodyBytes, Runtime.getRuntime().maxMemory() / 4),
        false,
        false,
        "x-session-id",
        3,
        0,
        Timeouts.defaults(),
        UpstreamOptions.defaults());
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}
