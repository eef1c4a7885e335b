package io.kvroute.router.shadow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many expected requests promise each block, and which the youngest is: open addressing. Not
 * thread-safe.
 */
final class Promises {

  private long[] keys = new long[64];
  private int[] counts = new int[64];
  private @Nullable Sequence[] promisers = new @Nullable Sequence[64];
  private int size;

  boolean contains(long key) {
    return size > 0 && counts[place(key)] != 0;
  }

  /** The youngest request that promises the block or counts on the promise; null for none. */
  @Nullable Sequence promiser(long key) {
    return size == 0 ? null : promisers[place(key)];
  }

  /** A request counts on the promise of another, if there is one. */
  void relyOn(long key, Sequence sequence) {
    int at = place(key);
    if (counts[at] != 0) {
      promisers[at] = sequence;
    }
  }

  void add(long key, Sequence sequence) {
    int at = place(key);
    keys[at] = key;
    promisers[at] = sequence;
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
        promisers[hole] = promisers[i];
        hole = i;
      }
    }
    counts[hole] = 0;
    promisers[hole] = null;
    return true;
  }

  void clear() {
    Arrays.fill(counts, 0);
    Arrays.fill(promisers, null);
    size = 0;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    @Nullable Sequence[] oldPromisers = promisers;
    keys = new long[oldKeys.length * 2];
    counts = new int[oldCounts.length * 2];
    promisers = new @Nullable Sequence[oldCounts.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        counts[at] = oldCounts[i];
        promisers[at] = oldPromisers[i];
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
