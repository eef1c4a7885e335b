package io.kvroute.router.fleet;

import java.net.URI;

/**
 * The identity of one engine endpoint, which never changes. Its state is in {@link ReplicaView}.
 *
 * @param slot a small number for indexing arrays, unique among the replicas of a fleet; the slot of
 *     a removed replica is used again
 */
public record Replica(ReplicaId id, ReplicaSpec spec, int slot) {

  public URI url() {
    return spec.url();
  }

  public int weight() {
    return spec.weight();
  }
}
