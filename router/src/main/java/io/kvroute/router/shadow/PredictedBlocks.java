package io.kvroute.router.shadow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that queued requests are predicted to compute. For each block it keeps how many queued
 * requests will compute it, and the youngest of these. A hash table by key with open addressing;
 * every operation costs O(1) on average. Not thread-safe.
 */
final class PredictedBlocks {

  private long[] keys = new long[64];
  private int[] counts = new int[64];
  private @Nullable Sequence[] youngest = new @Nullable Sequence[64];
  private int size;

  boolean contains(long key) {
    return size > 0 && counts[position(key)] != 0;
  }

  /** The youngest queued request that will compute or reuse the block; null if none will. */
  @Nullable Sequence youngestRequest(long key) {
    return size == 0 ? null : youngest[position(key)];
  }

  /** A queued request will reuse the block, if another one will compute it. */
  void reuse(long key, Sequence sequence) {
    int at = position(key);
    if (counts[at] != 0) {
      youngest[at] = sequence;
    }
  }

  /** A queued request will compute the block. */
  void add(long key, Sequence sequence) {
    int at = position(key);
    keys[at] = key;
    youngest[at] = sequence;
    if (counts[at]++ == 0 && ++size * 2 > keys.length) {
      grow();
    }
  }

  /** A request is not predicted to compute the block any more; returns whether it was the last. */
  boolean remove(long key) {
    int at = position(key);
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
        youngest[hole] = youngest[i];
        hole = i;
      }
    }
    counts[hole] = 0;
    youngest[hole] = null;
    return true;
  }

  void clear() {
    Arrays.fill(counts, 0);
    Arrays.fill(youngest, null);
    size = 0;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldCounts = counts;
    @Nullable Sequence[] oldYoungest = youngest;
    keys = new long[oldKeys.length * 2];
    counts = new int[oldCounts.length * 2];
    youngest = new @Nullable Sequence[oldCounts.length * 2];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] != 0) {
        int at = position(oldKeys[i]);
        keys[at] = oldKeys[i];
        counts[at] = oldCounts[i];
        youngest[at] = oldYoungest[i];
      }
    }
  }

  private int position(long key) {
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
