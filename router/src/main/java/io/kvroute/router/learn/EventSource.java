package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.ReplicaId;
import java.util.List;

/**
 * Where one replica publishes its KV events over ZMQ.
 *
 * @param endpoints one for each data-parallel rank
 */
public record EventSource(ReplicaId replica, List<EventEndpoint> endpoints) {

  public EventSource {
    endpoints = List.copyOf(endpoints);
  }
}
