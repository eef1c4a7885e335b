package io.kvroute.router.route;

/** The two slots of the index that belong to a replica, one for each view of its cache. */
final class ReplicaSlots {

  private ReplicaSlots() {}

  /** The slot of the replica's shadow. */
  static int shadow(int slot) {
    return 2 * slot;
  }

  /** The slot of the replica's event view. */
  static int events(int slot) {
    return 2 * slot + 1;
  }
}
