package io.kvroute.router.shadow;

import java.util.Arrays;

/**
 * How many expected requests promise each block: open addressing from key to count. Not
 * thread-safe.
 */
final class Promises {

  private long[] keys = new long[64];
  private int[] counts = new int[64];
  private int size;

  boolean contains(long key) {
    return counts[place(key)] != 0;
  }

  void add(long key) {
    int at = place(key);
    keys[at] = key;
    if (counts[at]++ == 0 && ++size * 2 > keys.length) {
      grow();
    }
  }

  /** Takes one promise back; tells whether it was the last. */
  boolean remove(long key) {
    int at = place(key);
    if (counts[at] == 0 || --counts[at] > 0) {
      return false;
    }
    size--;
    int mask = keys.length - 1;
    int hole = at;
    for (int i = (hole + 1) & mask; counts[i] != 0; i = (i + 1) & mask) {
      if (((i - home(keys[i])) & mask) >= ((i - hole) & mask)) {
        keys[hole] = keys[i];
        counts[hole] = counts[i];
        hole = i;
      }
    }
    counts[hole] = 0;
    return true;
  }

  void clear() {
    Arrays.fill(counts, 0);
    size = 0;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    keys = new long[oldKeys.length * 2];
    counts = new int[oldCounts.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        counts[at] = oldCounts[i];
      }
    }
  }

  private int place(long key) {
    int mask = keys.length - 1;
    int at = home(key);
    while (counts[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private int home(long key) {
    return (int) (key >>> 32) & (keys.length - 1);
  }
}
