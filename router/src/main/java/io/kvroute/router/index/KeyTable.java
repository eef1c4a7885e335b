package io.kvroute.router.index;

import java.lang.invoke.VarHandle;

/**
 * Finds a key's node: open addressing with linear probing over 32-bit entries. An entry is a node's
 * number plus one (20 bits) and the lowest twelve bits of its key, which rule out nearly all wrong
 * nodes without reading them. The table grows by a quarter, which keeps it between six and eight
 * bytes a node. Finding, adding and removing cost O(1) on average.
 *
 * <p>Example: the key 0x...abc of node 4 is stored as 0xabc00005, at the position that the key's
 * upper bits choose or at the next free one behind it.
 *
 * <p>{@link #find} takes no lock. Removal moves entries backwards, and a reader might miss an entry
 * that is being moved. A search without a result is therefore repeated if an entry was moved during
 * it (as in a seqlock). All other methods are called under the segment's lock.
 */
final class KeyTable {

  /** The largest number of nodes in a table. */
  static final int MAX_NODES = (1 << 20) - 2;

  private static final int NODE_BITS = 20;
  private static final int NODE_MASK = (1 << NODE_BITS) - 1;
  private static final int RETRIES = 1000;

  /** Neither found nor certainly absent. Never returned under the lock. */
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
   * The key's node; {@link NodeStore#NONE} if there is none, {@link #UNSURE} if a writer is
   * suspended in the middle of moving entries.
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
    int[] entries = table;
    int at = home(key, entries.length);
    int mark = (int) key << NODE_BITS;
    for (int entry = entries[at]; entry != 0; entry = entries[at]) {
      if (((entry ^ mark) & ~NODE_MASK) == 0 && nodes.is((entry & NODE_MASK) - 1, key)) {
        return (entry & NODE_MASK) - 1;
      }
      at = at + 1 == entries.length ? 0 : at + 1;
    }
    return NodeStore.NONE;
  }

  /** Adds a key that is not in the table. */
  void add(long key, int node) {
    if (++size * 3L > table.length * 2L) {
      grow();
    }
    place(table, key, node);
  }

  void remove(long key, int node) {
    int[] entries = table;
    int at = home(key, entries.length);
    while ((entries[at] & NODE_MASK) - 1 != node) {
      at = at + 1 == entries.length ? 0 : at + 1;
    }
    size--;
    int before = moves;
    moves = before + 1;
    VarHandle.storeStoreFence();
    int hole = at;
    for (int next = after(hole, entries); entries[next] != 0; next = after(next, entries)) {
      int home = home(nodes.key((entries[next] & NODE_MASK) - 1), entries.length);
      boolean reachesHole =
          hole <= next ? home <= hole || home > next : home <= hole && home > next;
      if (reachesHole) {
        entries[hole] = entries[next];
        hole = next;
      }
    }
    entries[hole] = 0;
    moves = before + 2;
  }

  private static int after(int at, int[] entries) {
    return at + 1 == entries.length ? 0 : at + 1;
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

  private static void place(int[] entries, long key, int node) {
    int at = home(key, entries.length);
    while (entries[at] != 0) {
      at = after(at, entries);
    }
    entries[at] = ((int) key << NODE_BITS) | (node + 1);
  }

  /** Keys are random: their top bits choose the segment, the next ones the position. */
  private static int home(long key, int length) {
    return (int) ((((key << Segment.BITS) >>> 32) * length) >>> 32);
  }
}
