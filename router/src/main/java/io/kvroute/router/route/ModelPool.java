package io.kvroute.router.route;

import java.util.List;

/** The replicas that serve one model, and the model's policy. Guarded by the router's lock. */
final class ModelPool {

  /** The pool of a model that no replica serves. */
  static final ModelPool NONE = new ModelPool(new RandomPick());

  final Policy policy;

  private List<RoutedReplica> replicas = List.of();
  private int[] readySlots = {};
  private int version;

  /** The array is replaced, never changed, so that readers need no lock. */
  private volatile int[] blockSizes = {};

  ModelPool(Policy policy) {
    this.policy = policy;
  }

  /** All replicas that serve the model, in the fleet's order. */
  List<RoutedReplica> replicas() {
    return replicas;
  }

  /** The slots of the replicas that can be sent requests; must not be changed. */
  int[] readySlots() {
    return readySlots;
  }

  /** Grows when replicas join or leave. */
  int version() {
    return version;
  }

  /** The replicas' different block sizes; must not be changed. Needs no lock. */
  int[] blockSizes() {
    return blockSizes;
  }

  void setReplicas(List<RoutedReplica> serving) {
    if (!replicas.equals(serving)) {
      replicas = List.copyOf(serving);
      version++;
    }
    refresh();
  }

  /** To be called when a replica's state or block size has changed. */
  void refresh() {
    readySlots =
        replicas.stream().filter(RoutedReplica::isUp).mapToInt(replica -> replica.slot).toArray();
    blockSizes = replicas.stream().mapToInt(RoutedReplica::blockSize).distinct().toArray();
  }
}
