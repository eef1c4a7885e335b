package io.kvroute.router.learn;

import com.carrotsearch.hppc.LongIntHashMap;
import com.carrotsearch.hppc.LongLongHashMap;
import com.carrotsearch.hppc.cursors.LongLongCursor;

/**
 * Maps the engine hashes of the blocks that one rank holds in one tier to their keys in the index,
 * and counts the copies of each block. Not thread-safe.
 */
final class HashToKeyMap {

  private final LongLongHashMap keyOfHash = new LongLongHashMap();

  /** Holds only hashes with more than one copy. */
  private final LongIntHashMap copies = new LongIntHashMap();

  boolean contains(long engineHash) {
    return keyOfHash.containsKey(engineHash);
  }

  /** The block's key. The hash must be in the map. */
  long key(long engineHash) {
    return keyOfHash.get(engineHash);
  }

  /** Adds a hash that is not in the map, with one copy. */
  void add(long engineHash, long key) {
    keyOfHash.put(engineHash, key);
  }

  /** Counts one more copy. The hash must be in the map. */
  void addCopy(long engineHash) {
    copies.putOrAdd(engineHash, 2, 1);
  }

  /** Removes one copy; returns whether it was the last, and the hash is gone. */
  boolean removeCopy(long engineHash) {
    int left = copies.getOrDefault(engineHash, 1) - 1;
    if (left > 1) {
      copies.put(engineHash, left);
    } else {
      copies.remove(engineHash);
    }
    if (left <= 0) {
      keyOfHash.remove(engineHash);
    }
    return left <= 0;
  }

  /** Removes every hash, from here and from {@code blocks}. */
  void removeAllFrom(DataParallelBlocks blocks, Tier tier) {
    for (LongLongCursor entry : keyOfHash) {
      blocks.removeHash(tier, entry.value);
    }
    clear();
  }

  void clear() {
    keyOfHash.clear();
    copies.clear();
  }
}
