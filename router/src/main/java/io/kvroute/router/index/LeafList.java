package io.kvroute.router.index;

/**
 * A segment's leaves in LRU order, which is the order of their eviction. A leaf is a node of which
 * no slot holds a child. The list is doubly linked; its links lie in the nodes' own words, so every
 * operation costs O(1) and allocates nothing. Used under the segment's lock.
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

  /** Must be called first, once for every created node. */
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

  /** Makes two nodes neighbours. {@link NodeStore#NONE} stands for an end of the list. */
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

  // Node numbers are stored plus one: 0 stands for none, and no pair equals UNLISTED.
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
