package io.kvroute.router.fleet;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A replica as it was configured or discovered.
 *
 * @param engine null where probes must detect it
 * @param kvEvents where the engine publishes its KV events, null where not configured
 * @param kvReplay where the engine replays missed KV events, null where not configured
 * @param weight its relative speed and share of requests, usually 1
 */
public record ReplicaSpec(
    URI url,
    @Nullable EngineKind engine,
    @Nullable URI kvEvents,
    @Nullable URI kvReplay,
    int weight) {

  public ReplicaSpec {
    if (weight < 1) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: >= 1)");
    }
  }

  /** A replica with only an address configured. */
  public static ReplicaSpec at(URI url) {
    return new ReplicaSpec(url, null, null, null, 1);
  }
}
