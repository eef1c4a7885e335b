package io.kvroute.router.fleet;

import java.net.URI;

/** One engine endpoint. */
public final class Replica {

  private final ReplicaId id;
  private final URI url;
  private final int slot;

  /**
   * A replica at {@code url}.
   *
   * @param slot a small number, unique among living replicas, by which arrays are indexed
   */
  public Replica(ReplicaId id, URI url, int slot) {
    this.id = id;
    this.url = url;
    this.slot = slot;
  }

  public ReplicaId id() {
    return id;
  }

  public URI url() {
    return url;
  }

  public int slot() {
    return slot;
  }
}
