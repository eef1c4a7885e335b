package io.kvroute.router.learn;

import com.carrotsearch.hppc.LongIntHashMap;
import com.carrotsearch.hppc.LongLongHashMap;
import com.carrotsearch.hppc.cursors.LongLongCursor;

/** What one rank calls its blocks in one tier, and how many copies each name stands for. */
final class BlockNames {

  private final LongLongHashMap keyOfName = new LongLongHashMap();

  /** Only names that stand for more than one copy. */
  private final LongIntHashMap copies = new LongIntHashMap();

  boolean has(long name) {
    return keyOfName.containsKey(name);
  }

  /** The block's key; only for a name that is there. */
  long key(long name) {
    return keyOfName.get(name);
  }

  /** Enters a name that is not there. */
  void add(long name, long key) {
    keyOfName.put(name, key);
  }

  /** One more copy bears a name that is there. */
  void addCopy(long name) {
    copies.putOrAdd(name, 2, 1);
  }

  /** A copy is gone; true if it was the last, and the name with it. */
  boolean removeCopy(long name) {
    int left = copies.getOrDefault(name, 1) - 1;
    if (left > 1) {
      copies.put(name, left);
    } else {
      copies.remove(name);
    }
    if (left <= 0) {
      keyOfName.remove(name);
    }
    return left <= 0;
  }

  /** Takes every name out of {@code holdings} and forgets them. */
  void leave(RankedBlocks holdings, Tier tier) {
    for (LongLongCursor entry : keyOfName) {
      holdings.unnamed(tier, entry.value);
    }
    forget();
  }

  void forget() {
    keyOfName.clear();
    copies.clear();
  }
}
