package io.kvroute.router.http;

import io.kvroute.router.upstream.UpstreamOptions;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The data port's settings.
 *
 * @param maxAttempts how many replicas may be sent one request, the first included
 */
public record DataPortOptions(
    ListenOptions listen,
    ApiOptions api,
    SizeLimits sizes,
    TimeoutOptions timeouts,
    int maxAttempts,
    UpstreamOptions upstream) {

  /** Checks ranges. */
  public DataPortOptions {
    atLeast("maxAttempts", maxAttempts, 1);
  }

  /**
   * Where the port listens and with how many threads.
   *
   * @param eventLoops threads that serve connections
   * @param drainDelayMillis how long a port that shuts down keeps accepting connections while its
   *     health check already fails, so that load balancers stop sending first
   */
  public record ListenOptions(InetSocketAddress address, int eventLoops, int drainDelayMillis) {

    /** Checks ranges. */
    public ListenOptions {
      atLeast("eventLoops", eventLoops, 1);
      atLeast("drainDelayMillis", drainDelayMillis, 0);
    }
  }

  /**
   * What clients see of the API.
   *
   * @param pathPrefix an optional prefix of every path, such as {@code /openai}; may be empty
   * @param apiKeys a request must carry one of these keys; an empty list admits everybody
   * @param sessionHeader the request header that names a session, in lower case
   * @param routingHeaders whether responses carry mode, prompt tokens and matched tokens
   * @param trustedProxies the peers whose {@code X-Forwarded-*}, {@code Forwarded} and {@code
   *     X-Request-Id} headers are believed
   * @param addUsage whether the router asks replicas for stream usage that clients did not ask for
   */
  public record ApiOptions(
      String pathPrefix,
      List<String> apiKeys,
      String sessionHeader,
      boolean routingHeaders,
      TrustedProxies trustedProxies,
      boolean addUsage) {

    /** No prefix, no keys, no routing headers, no trusted proxies, no added usage. */
    public static final ApiOptions DEFAULTS =
        new ApiOptions("", List.of(), "x-session-id", false, TrustedProxies.NONE, false);

    /** Checks the prefix. */
    public ApiOptions {
      apiKeys = List.copyOf(apiKeys);
      if (!pathPrefix.isEmpty() && (!pathPrefix.startsWith("/") || pathPrefix.endsWith("/"))) {
        throw new IllegalArgumentException(
            "pathPrefix: " + pathPrefix + " (expected: empty, or /… without a trailing slash)");
      }
    }
  }

  /**
   * Limits on the size of requests.
   *
   * @param maxHeadBytes of one request
   * @param maxBodyBytes of one request
   * @param bodyBudgetBytes request bodies buffered at once, over all connections
   */
  public record SizeLimits(int maxHeadBytes, int maxBodyBytes, long bodyBudgetBytes) {

    /** Checks ranges. */
    public SizeLimits {
      atLeast("maxHeadBytes", maxHeadBytes, 1024);
      atLeast("maxBodyBytes", maxBodyBytes, 1024);
      atLeast("bodyBudgetBytes", bodyBudgetBytes, maxBodyBytes);
    }

    /** 32 KB heads, 64 MB bodies, and a quarter of the heap for all bodies together. */
    public static SizeLimits defaults() {
      int maxBodyBytes = 64 << 20;
      long quarterOfHeap = Runtime.getRuntime().maxMemory() / 4;
      return new SizeLimits(32 << 10, maxBodyBytes, Math.max(maxBodyBytes, quarterOfHeap));
    }
  }

  /**
   * How long the data port waits, in milliseconds. One tick on each event loop checks all timeouts,
   * so a timeout fires up to a quarter of the smallest of them late, and at most a second.
   *
   * @param keepAliveMillis for the next request of an idle connection
   * @param requestMillis for a complete request, from its first byte
   * @param responseMillis for the first byte of a response body (queueing and prefill), between two
   *     pieces of it, and for a client to read what was sent
   * @param silenceMillis for the next event of a stream, if its engine's streams never pause for
   *     longer, and for the first one where no stream of the engine makes progress
   * @param lingerMillis how long a client may go on sending on a connection that the router is
   *     closing, so that it can still read the reason
   */
  public record TimeoutOptions(
      int keepAliveMillis,
      int requestMillis,
      int responseMillis,
      int silenceMillis,
      int lingerMillis) {

    /** Ten minutes for answers, ten seconds for silence, about one minute for clients. */
    public static final TimeoutOptions DEFAULTS =
        new TimeoutOptions(75_000, 60_000, 600_000, 10_000, 2_000);

    private static final int MAX_TICK_MILLIS = 1_000;
    private static final int MIN_TICK_MILLIS = 5;

    /** Checks that each is positive. */
    public TimeoutOptions {
      positive("keepAliveMillis", keepAliveMillis);
      positive("requestMillis", requestMillis);
      positive("responseMillis", responseMillis);
      positive("silenceMillis", silenceMillis);
      positive("lingerMillis", lingerMillis);
    }

    /** Timeouts with the default for silence. */
    public TimeoutOptions(
        int keepAliveMillis, int requestMillis, int responseMillis, int lingerMillis) {
      this(keepAliveMillis, requestMillis, responseMillis, DEFAULTS.silenceMillis(), lingerMillis);
    }

    /** How often timeouts are checked. */
    int tickMillis() {
      int smallest =
          Math.min(
              Math.min(keepAliveMillis, requestMillis),
              Math.min(Math.min(responseMillis, silenceMillis), lingerMillis));
      return Math.clamp(smallest / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
    }
  }

  /** Listens on {@code address} with one event loop for each core and default limits. */
  public static DataPortOptions defaults(InetSocketAddress address) {
    return new DataPortOptions(
        new ListenOptions(address, Runtime.getRuntime().availableProcessors(), 0),
        ApiOptions.DEFAULTS,
        SizeLimits.defaults(),
        TimeoutOptions.DEFAULTS,
        2,
        UpstreamOptions.defaults());
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  private static void positive(String name, int millis) {
    if (millis <= 0) {
      throw new IllegalArgumentException(name + ": " + millis + " (expected: > 0)");
    }
  }
}
