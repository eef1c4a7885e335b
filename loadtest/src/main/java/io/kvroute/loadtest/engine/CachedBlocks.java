package io.kvroute.loadtest.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * Which blocks hold which hash. vLLM doesn't de-duplicate: two sequences that computed the same
 * tokens at the same time leave two copies, of which the one cached first is found first.
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

  /** Forgets one copy, which must have been added. */
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

  /** Different hashes held. */
  int size() {
    return oldestCopy.size();
  }
}
