package io.kvroute.router.fleet;

import org.jspecify.annotations.Nullable;

/**
 * Where one data-parallel rank of an engine publishes its KV events over ZMQ. Each rank has its own
 * cache and its own sequence numbers.
 *
 * @param rank from 0
 * @param live a ZMQ endpoint; where its host is {@code *}, the engine connects and the router binds
 * @param replay the endpoint of the rank's replay socket, null where it has none
 */
public record EventEndpoint(int rank, String live, @Nullable String replay) {

  /** Whether the router binds the socket and the engine connects, instead of the reverse. */
  public boolean engineConnects() {
    return live.startsWith("tcp://*") || live.startsWith("tcp://0.0.0.0:");
  }
}
