package io.kvroute.router.index;

import java.util.Arrays;
import java.util.BitSet;

/**
 * How many blocks a column holds right behind a block, where the two bits of its entry cannot say:
 * behind a block that it does not hold itself (a hole), or when there are two or more. Open
 * addressing with linear probing; under the segment's lock.
 */
final class ChildCounts {

  private static final int BYTES = Long.BYTES + 2 * Integer.BYTES;

  private static final int SMALLEST = 16;
  private static final BitSet NONE = new BitSet();

  private long[] keys = new long[SMALLEST];
  private int[] columns = new int[SMALLEST];
  private int[] counts = new int[SMALLEST];
  private int size;

  /** Bytes taken. */
  long bytes() {
    return (long) keys.length * BYTES;
  }

  /** The count, 0 if none is kept. */
  int get(int column, long key) {
    return size == 0 ? 0 : counts[find(column, key)];
  }

  /** Sets a count and tells the one before; a count of 0 is not kept. */
  int put(int column, long key, int count) {
    if (size == 0 && count == 0) {
      return 0;
    }
    int at = find(column, key);
    int before = counts[at];
    if (count == 0) {
      if (before != 0) {
        removeAt(at);
      }
      return before;
    }
    keys[at] = key;
    columns[at] = column;
    counts[at] = count;
    if (before == 0 && ++size * 3 > keys.length * 2) {
      rebuild(keys.length * 2, NONE);
    }
    return before;
  }

  /** Forgets all counts of some columns. */
  void forget(BitSet gone) {
    if (size > 0) {
      rebuild(SMALLEST, gone);
    }
  }

  private void rebuild(int capacity, BitSet without) {
    long[] oldKeys = keys;
    int[] oldColumns = columns;
    int[] oldCounts = counts;
    keys = new long[capacity];
    columns = new int[capacity];
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
      int distance = (next - home(columns[next], keys[next])) & mask;
      if (distance >= ((next - hole) & mask)) {
        keys[hole] = keys[next];
        columns[hole] = columns[next];
        counts[hole] = counts[next];
        hole = next;
      }
    }
    counts[hole] = 0;
    size--;
    if (size == 0 && keys.length > SMALLEST) {
      keys = Arrays.copyOf(keys, SMALLEST);
      columns = Arrays.copyOf(columns, SMALLEST);
      counts = new int[SMALLEST];
    }
  }

  private int find(int column, long key) {
    int mask = keys.length - 1;
    int at = home(column, key);
    while (counts[at] != 0 && (keys[at] != key || columns[at] != column)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(int column, long key) {
    return (int) ((key + column * 0x9e3779b97f4a7c15L) >>> 20) & (keys.length - 1);
  }
}
