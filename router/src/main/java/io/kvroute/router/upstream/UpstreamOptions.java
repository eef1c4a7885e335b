package io.kvroute.router.upstream;

/**
 * Settings of connections to replicas.
 *
 * @param connectTimeoutMillis how long a connection attempt may take
 * @param idleTimeoutMillis how long an idle connection is kept; less than the engine's own limit (5
 *     s for vLLM), so that the engine is never the first to close
 * @param maxIdlePerReplica idle connections kept for each replica and event loop
 * @param maxHeadBytes of a response
 */
public record UpstreamOptions(
    int connectTimeoutMillis, int idleTimeoutMillis, int maxIdlePerReplica, int maxHeadBytes) {

  /** Suits vLLM with its default settings. */
  public static UpstreamOptions defaults() {
    return new UpstreamOptions(3_000, 4_000, 256, 64 * 1024);
  }
}
