package io.kvroute.router.route;

import java.util.List;

/** The replicas that serve one model, and the model's policy. Guarded by the router's lock. */
final class ModelPool {

  /** The pool of a model that no replica serves. */
  static final ModelPool NONE = new ModelPool("", new RandomPick());

  final Policy policy;

  private final String model;
  private List<RoutedReplica> replicas = List.of();
  private int[] readySlots = {};
  private int[] readyContexts = {};
  private int shortestContext = Integer.MAX_VALUE;
  private int longestContext = Integer.MAX_VALUE;
  private int version;

  /** The array is replaced, never changed, so that readers need no lock. */
  private volatile int[] blockSizes = {};

  ModelPool(String model, Policy policy) {
    this.model = model;
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

  /** The longest context, in tokens, of each replica of {@link #readySlots}. */
  int[] readyContexts() {
    return readyContexts;
  }

  /**
   * Whether some of the model's replicas have room for so many tokens and others have not. If none
   * has, any engine may say so itself.
   */
  boolean contextsDiffer(int tokens) {
    return shortestContext < tokens && tokens <= longestContext;
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
    List<RoutedReplica> ready = replicas.stream().filter(RoutedReplica::isUp).toList();
    readySlots = ready.stream().mapToInt(replica -> replica.slot).toArray();
    readyContexts = ready.stream().mapToInt(this::context).toArray();
    shortestContext = replicas.stream().mapToInt(this::context).min().orElse(Integer.MAX_VALUE);
    longestContext = replicas.stream().mapToInt(this::context).max().orElse(Integer.MAX_VALUE);
    blockSizes = replicas.stream().mapToInt(RoutedReplica::blockSize).distinct().toArray();
  }

  /** The longest context of the model at a replica, in tokens; no limit where not reported. */
  private int context(RoutedReplica replica) {
    int tokens = replica.view.facts().maxModelLen(model);
    return tokens > 0 ? tokens : Integer.MAX_VALUE;
  }
}
