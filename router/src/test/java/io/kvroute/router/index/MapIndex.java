package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A plain hash map from key to holders, walked block by block while any replica still holds the
 * prompt. Only measured against; not thread-safe.
 */
final class MapIndex implements IndexUnderTest {

  private final Map<Long, long[]> holders = new HashMap<>();
  private final int words;

  MapIndex(int words) {
    this.words = words;
  }

  @Override
  public void store(int slot, BlockKeys keys, int from, int to) {
    for (int i = from; i < to; i++) {
      long[] set = holders.computeIfAbsent(keys.key(i), k -> new long[words]);
      set[slot >>> 6] |= 1L << slot;
    }
  }

  @Override
  public void remove(int slot, BlockKeys keys, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      holders.computeIfPresent(
          keys.key(i),
          (k, set) -> {
            set[slot >>> 6] &= ~(1L << slot);
            return Arrays.stream(set).allMatch(word -> word == 0) ? null : set;
          });
    }
  }

  @Override
  public void match(BlockKeys keys, int[] matched) {
    Arrays.fill(matched, 0);
    long[] alive = new long[words];
    Arrays.fill(alive, -1);
    int block = 0;
    for (long any = -1; any != 0 && block < keys.matchable(); block++) {
      any = 0;
      long[] set = holders.get(keys.key(block));
      for (int w = 0; w < words; w++) {
        long now = set == null ? 0 : alive[w] & set[w];
        record(alive[w] & ~now, w, block, matched);
        alive[w] = now;
        any |= now;
      }
    }
    for (int w = 0; w < words; w++) {
      record(alive[w], w, block, matched);
    }
  }

  static void record(long set, int word, int blocks, int[] matched) {
    for (long left = set; left != 0; left &= left - 1) {
      int slot = (word << 6) + Long.numberOfTrailingZeros(left);
      if (slot < matched.length) {
        matched[slot] = blocks;
      }
    }
  }
}
