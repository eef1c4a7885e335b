package io.kvroute.router.route;

/** Which slots of an index belong to a replica: each has two there. */
final class ReplicaSlots {

  private ReplicaSlots() {}

  /** Where the model of its cache is entered. */
  static int modelled(int slot) {
    return 2 * slot;
  }

  /** Where its events are entered. */
  static int heard(int slot) {
    return 2 * slot + 1;
  }
}
