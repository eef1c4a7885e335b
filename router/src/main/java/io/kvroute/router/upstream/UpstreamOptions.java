package io.kvroute.router.upstream;

/**
 * How connections to replicas are kept.
 *
 * @param connectTimeoutMillis until a replica counts as unreachable
 * @param idleTimeoutMillis how long a connection is kept for reuse; less than the engine's own
 *     limit (5 s for vLLM), so that the engine is never the first to close
 * @param maxIdlePerReplica idle connections kept for each replica and event loop
 * @param maxHeadBytes of an answer
 */
public record UpstreamOptions(
    int connectTimeoutMillis, int idleTimeoutMillis, int maxIdlePerReplica, int maxHeadBytes) {

  /** Fits vLLM behind its default settings. */
  public static UpstreamOptions defaults() {
    return new UpstreamOptions(3_000, 4_000, 256, 64 * 1024);
  }
}
