package io.kvroute.loadtest.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * Maps a hash to the blocks that hold it. vLLM does not de-duplicate: two sequences that compute
 * the same tokens leave two copies. The copy cached first is found; {@code younger} links the rest.
 */
final class CachedBlocks {

  private static final int NONE = -1;

  private final Map<Long, Integer> oldestCopy = new HashMap<>();

  /** The next younger copy of the same hash. */
  private final int[] younger;

  CachedBlocks(int blocks) {
    younger = new int[blocks];
  }

  /** The oldest block with this hash, or -1. */
  int find(long hash) {
    return oldestCopy.getOrDefault(hash, NONE);
  }

  void add(long hash, int block) {
    younger[block] = NONE;
    Integer oldest = oldestCopy.putIfAbsent(hash, block);
    if (oldest != null) {
      int copy = oldest;
      while (younger[copy] != NONE) {
        copy = younger[copy];
      }
      younger[copy] = block;
    }
  }

  /** Removes one copy, which must have been added before. */
  void remove(long hash, int block) {
    int copy = find(hash);
    if (copy == block) {
      if (younger[block] == NONE) {
        oldestCopy.remove(hash);
      } else {
        oldestCopy.put(hash, younger[block]);
      }
      return;
    }
    while (younger[copy] != block) {
      copy = younger[copy];
    }
    younger[copy] = younger[block];
  }

  void clear() {
    oldestCopy.clear();
  }

  /** The number of different hashes. */
  int size() {
    return oldestCopy.size();
  }
}
