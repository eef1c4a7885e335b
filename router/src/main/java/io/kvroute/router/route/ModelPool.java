package io.kvroute.router.route;

import java.util.List;

/** The replicas that serve one model, and its policy. Guarded by the router's lock. */
final class ModelPool {

  /** Of a model that nobody serves. */
  static final ModelPool NONE = new ModelPool(new RandomPick());

  final Policy policy;

  private List<RoutedReplica> members = List.of();
  private int[] readySlots = {};
  private int version;

  /** Replaced, never changed. */
  private volatile int[] blockSizes = {};

  ModelPool(Policy policy) {
    this.policy = policy;
  }

  /** All that serve it, in the fleet's order. */
  List<RoutedReplica> members() {
    return members;
  }

  /** The slots of those that can be sent requests. Not to be changed. */
  int[] readySlots() {
    return readySlots;
  }

  /** Grows when members come or go. */
  int version() {
    return version;
  }

  /** Block sizes present among the members. Not to be changed; read without the lock. */
  int[] blockSizes() {
    return blockSizes;
  }

  void members(List<RoutedReplica> serving) {
    if (!members.equals(serving)) {
      members = List.copyOf(serving);
      version++;
    }
    refresh();
  }

  /** Members have changed their state or block size. */
  void refresh() {
    readySlots =
        members.stream().filter(RoutedReplica::isUp).mapToInt(member -> member.slot).toArray();
    blockSizes = members.stream().mapToInt(RoutedReplica::blockSize).distinct().toArray();
  }
}
