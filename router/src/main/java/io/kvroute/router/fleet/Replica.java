package io.kvroute.router.fleet;

import java.net.URI;

/**
 * One engine endpoint. Its identity, which never changes; what is known of it stands in a {@link
 * ReplicaView}.
 *
 * @param slot a small number, unique among the replicas of a fleet, by which arrays are indexed; a
 *     replica that was removed leaves its slot to a later one
 */
public record Replica(ReplicaId id, ReplicaSpec spec, int slot) {

  public URI url() {
    return spec.url();
  }

  public int weight() {
    return spec.weight();
  }
}
