package io.kvroute.router.index;

import java.lang.invoke.VarHandle;

/**
 * From a key to its node: open addressing with linear probing over ints, each a node's number and
 * twelve bits of its key, so that a probe rarely touches a node in vain. Grows by a quarter, which
 * keeps it between six and eight bytes a node.
 *
 * <p>{@link #find} takes no lock. Removal moves entries backwards, during which a reader might miss
 * one that is there, so a miss counts only if nothing was moved meanwhile. Everything else happens
 * under the segment's lock.
 */
final class KeyTable {

  /** Most nodes that a table can name. */
  static final int MAX_NODES = (1 << 20) - 2;

  private static final int NODE_BITS = 20;
  private static final int NODE_MASK = (1 << NODE_BITS) - 1;
  private static final int RETRIES = 1000;

  /** Neither found nor surely absent; never under the lock. */
  static final int UNSURE = -2;

  private final NodeStore nodes;
  private volatile int[] table = new int[16];
  private volatile int moves;
  private int size;

  KeyTable(NodeStore nodes) {
    this.nodes = nodes;
  }

  int size() {
    return size;
  }

  /**
   * The key's node; {@link NodeStore#NONE} if there is none, {@link #UNSURE} if a writer that was
   * stopped in the middle of moving entries left it open.
   */
  int find(long key) {
    for (int i = 0; i < RETRIES; i++) {
      int before = moves;
      int node = probe(key);
      if (node != NodeStore.NONE) {
        return node;
      }
      VarHandle.loadLoadFence();
      if ((before & 1) == 0 && before == moves) {
        return NodeStore.NONE;
      }
      Thread.onSpinWait();
    }
    return UNSURE;
  }

  private int probe(long key) {
    int[] slots = table;
    int at = home(key, slots.length);
    int mark = (int) key << NODE_BITS;
    for (int entry = slots[at]; entry != 0; entry = slots[at]) {
      if (((entry ^ mark) & ~NODE_MASK) == 0 && nodes.is((entry & NODE_MASK) - 1, key)) {
        return (entry & NODE_MASK) - 1;
      }
      at = at + 1 == slots.length ? 0 : at + 1;
    }
    return NodeStore.NONE;
  }

  /** Adds a key that is not there. */
  void add(long key, int node) {
    if (++size * 3L > table.length * 2L) {
      grow();
    }
    place(table, key, node);
  }

  void remove(long key, int node) {
    int[] slots = table;
    int at = home(key, slots.length);
    while ((slots[at] & NODE_MASK) - 1 != node) {
      at = at + 1 == slots.length ? 0 : at + 1;
    }
    size--;
    int before = moves;
    moves = before + 1;
    VarHandle.storeStoreFence();
    int hole = at;
    for (int next = after(hole, slots); slots[next] != 0; next = after(next, slots)) {
      int home = home(nodes.key((slots[next] & NODE_MASK) - 1), slots.length);
      boolean reachesHole =
          hole <= next ? home <= hole || home > next : home <= hole && home > next;
      if (reachesHole) {
        slots[hole] = slots[next];
        hole = next;
      }
    }
    slots[hole] = 0;
    moves = before + 2;
  }

  private static int after(int at, int[] slots) {
    return at + 1 == slots.length ? 0 : at + 1;
  }

  private void grow() {
    int[] old = table;
    int[] grown = new int[old.length + old.length / 4];
    for (int entry : old) {
      if (entry != 0) {
        int node = (entry & NODE_MASK) - 1;
        place(grown, nodes.key(node), node);
      }
    }
    table = grown;
  }

  private static void place(int[] slots, long key, int node) {
    int at = home(key, slots.length);
    while (slots[at] != 0) {
      at = after(at, slots);
    }
    slots[at] = ((int) key << NODE_BITS) | (node + 1);
  }

  /** Keys are random; their top bits chose the segment, the next ones choose the place. */
  private static int home(long key, int length) {
    return (int) ((((key << Segment.BITS) >>> 32) * length) >>> 32);
  }
}
