package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.ReplicaId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one replica publishes its KV events over ZMQ.
 *
 * @param endpoints one for each data-parallel rank
 */
public record EventSource(ReplicaId replica, List<EventEndpoint> endpoints) {

  public EventSource {
    endpoints = List.copyOf(endpoints);
  }

  /** A replica of one rank. */
  EventSource(ReplicaId replica, String live, @Nullable String replay) {
    this(replica, List.of(new EventEndpoint(0, live, replay)));
  }
}
