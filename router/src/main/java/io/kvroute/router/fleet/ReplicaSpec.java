package io.kvroute.router.fleet;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A replica as it was configured or discovered.
 *
 * @param engine null where it is to be found out
 * @param kvEvents where the engine publishes its KV events, null where nothing is said of it
 * @param kvReplay where the engine answers for missed KV events
 * @param weight its share under policies that split by weight, 1 is usual
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

  /** A replica of which only the address is known. */
  public static ReplicaSpec at(URI url) {
    return new ReplicaSpec(url, null, null, null, 1);
  }
}
