package io.kvroute.router.index;

/**
 * The segment's leaves, nodes of which no holder holds a block behind, from the least to the most
 * recently used: the order in which memory is taken back. A list threaded through the nodes' own
 * words; under the segment's lock.
 */
final class LeafList {

  private static final long UNLISTED = -1;

  private final NodeStore nodes;
  private int oldest = NodeStore.NONE;
  private int newest = NodeStore.NONE;

  LeafList(NodeStore nodes) {
    this.nodes = nodes;
  }

  int oldest() {
    return oldest;
  }

  /** To be called once for every node made, before all else. */
  void init(int node) {
    nodes.links(node, UNLISTED);
  }

  boolean contains(int node) {
    return nodes.links(node) != UNLISTED;
  }

  void addNewest(int node) {
    link(newest, node);
    link(node, NodeStore.NONE);
  }

  void addOldest(int node) {
    link(node, oldest);
    link(NodeStore.NONE, node);
  }

  void remove(int node) {
    long links = nodes.links(node);
    if (links != UNLISTED) {
      link(previous(links), next(links));
      nodes.links(node, UNLISTED);
    }
  }

  /** Makes two nodes neighbours; on either side none stands for the end of the list. */
  private void link(int before, int after) {
    if (before == NodeStore.NONE) {
      oldest = after;
    } else {
      nodes.links(before, pack(previous(nodes.links(before)), after));
    }
    if (after == NodeStore.NONE) {
      newest = before;
    } else {
      nodes.links(after, pack(before, next(nodes.links(after))));
    }
  }

  // Neighbours are kept plus one, so that no pair looks like UNLISTED and zero stands for none.
  private static long pack(int previous, int next) {
    return ((long) (previous + 1) << 32) | (next + 1);
  }

  private static int previous(long links) {
    return links == UNLISTED ? NodeStore.NONE : (int) (links >>> 32) - 1;
  }

  private static int next(long links) {
    return links == UNLISTED ? NodeStore.NONE : (int) links - 1;
  }
}
