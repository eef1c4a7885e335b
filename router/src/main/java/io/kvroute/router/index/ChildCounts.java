package io.kvroute.router.index;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Counts the child blocks of a block that a slot holds. If the slot holds the block itself and 0 or
 * 1 children, two bits of its entry store the count (see {@link Entries}). This table stores all
 * other counts: two or more children, and children of a block that the slot does not hold (each of
 * these children is a hole).
 *
 * <p>Open addressing with linear probing over (slot id, key). Used under the segment's lock.
 */
final class ChildCounts {

  private static final int BYTES = Long.BYTES + 2 * Integer.BYTES;

  private static final int SMALLEST = 16;
  private static final BitSet NONE = new BitSet();

  private long[] keys = new long[SMALLEST];
  private int[] slotIds = new int[SMALLEST];
  private int[] counts = new int[SMALLEST];
  private int size;

  /** Bytes taken. */
  long bytes() {
    return (long) keys.length * BYTES;
  }

  /** The count kept here, 0 if there is none. */
  int get(int slotId, long key) {
    return size == 0 ? 0 : counts[find(slotId, key)];
  }

  /** Sets a count. A count of 0 takes no memory. */
  void put(int slotId, long key, int count) {
    if (size == 0 && count == 0) {
      return;
    }
    int at = find(slotId, key);
    int before = counts[at];
    if (count == 0) {
      if (before != 0) {
        removeAt(at);
      }
      return;
    }
    keys[at] = key;
    slotIds[at] = slotId;
    counts[at] = count;
    if (before == 0 && ++size * 3 > keys.length * 2) {
      rebuild(keys.length * 2, NONE);
    }
  }

  /** Removes all counts of some slots. */
  void forget(BitSet retired) {
    if (size > 0) {
      rebuild(SMALLEST, retired);
    }
  }

  /**
   * The number of children of a block.
   *
   * @param state the block's entry in the slot, 0 if the slot does not hold it
   */
  int ofBlock(int state, int slotId, long key) {
    int bits = state & Entries.CHILDREN;
    return state == 0 || bits == Entries.MANY ? get(slotId, key) : bits >>> Entries.CHILD_SHIFT;
  }

  /** A held block's number of children as bits of its entry; stores the number if it is large. */
  int toBits(int slotId, long key, int children) {
    boolean fits = children == 0 || children == 1;
    put(slotId, key, fits ? 0 : children);
    return fits ? children << Entries.CHILD_SHIFT : Entries.MANY;
  }

  private void rebuild(int capacity, BitSet without) {
    long[] oldKeys = keys;
    int[] oldColumns = slotIds;
    int[] oldCounts = counts;
    keys = new long[capacity];
    slotIds = new int[capacity];
    counts = new int[capacity];
    size = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0 && !without.get(oldColumns[i])) {
        put(oldColumns[i], oldKeys[i], oldCounts[i]);
      }
    }
  }

  private void removeAt(int at) {
    int mask = keys.length - 1;
    int hole = at;
    for (int next = (hole + 1) & mask; counts[next] != 0; next = (next + 1) & mask) {
      int distance = (next - home(slotIds[next], keys[next])) & mask;
      if (distance >= ((next - hole) & mask)) {
        keys[hole] = keys[next];
        slotIds[hole] = slotIds[next];
        counts[hole] = counts[next];
        hole = next;
      }
    }
    counts[hole] = 0;
    size--;
    if (size == 0 && keys.length > SMALLEST) {
      keys = Arrays.copyOf(keys, SMALLEST);
      slotIds = Arrays.copyOf(slotIds, SMALLEST);
      counts = new int[SMALLEST];
    }
  }

  private int find(int slotId, long key) {
    int mask = keys.length - 1;
    int at = home(slotId, key);
    while (counts[at] != 0 && (keys[at] != key || slotIds[at] != slotId)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(int slotId, long key) {
    return (int) ((key + slotId * 0x9e3779b97f4a7c15L) >>> 20) & (keys.length - 1);
  }
}
