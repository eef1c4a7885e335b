package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;
import org.jspecify.annotations.Nullable;

/**
 * Where one replica publishes its KV events over ZMQ.
 *
 * @param live a ZMQ endpoint; with a {@code *} for its host the engine dials and the router binds
 * @param replay the endpoint of the engine's replay socket, null where it has none
 */
public record EventSource(ReplicaId replica, String live, @Nullable String replay) {

  boolean engineDials() {
    return live.startsWith("tcp://*") || live.startsWith("tcp://0.0.0.0:");
  }
}
