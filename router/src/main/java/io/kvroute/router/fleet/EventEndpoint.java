package io.kvroute.router.fleet;

import org.jspecify.annotations.Nullable;

/**
 * Where one data-parallel rank of an engine publishes its KV events over ZMQ. Each rank has a cache
 * and a numbering of its own.
 *
 * @param rank from 0
 * @param live a ZMQ endpoint; with a {@code *} for its host the engine dials and the router binds
 * @param replay the endpoint of the rank's replay socket, null where it has none
 */
public record EventEndpoint(int rank, String live, @Nullable String replay) {

  /** Whether the router listens for the engine, and not the other way round. */
  public boolean engineDials() {
    return live.startsWith("tcp://*") || live.startsWith("tcp://0.0.0.0:");
  }
}
