package io.kvroute.router.shadow;

/**
 * Finds blocks by key: open addressing over block numbers. Blocks with equal keys (copies) form a
 * list from the first that got the key to the last; the first is the one found. Finding, adding and
 * removing cost O(1) on average, plus the number of copies. 0 stands for no block. Not thread-safe.
 *
 * <p>Prompts often repeat earlier chains of blocks. The map therefore remembers for each block
 * which block was found after it, and tries that one before it hashes the key.
 */
final class KeyToBlockMap {

  private final long[] keys;
  private final int[] nextCopy;
  private final int[] table;

  /** Blocks that are the first with their key. */
  private final boolean[] first;

  /** For each block, the block last found after it; its key may have changed since. */
  private final int[] foundAfter;

  /**
   * An empty map.
   *
   * @param keys the blocks' keys, kept by the owner; unchanged while a block is in the map
   */
  KeyToBlockMap(long[] keys) {
    this.keys = keys;
    nextCopy = new int[keys.length];
    first = new boolean[keys.length];
    foundAfter = new int[keys.length];
    table = new int[Integer.highestOneBit(keys.length - 1) << 2];
  }

  /** The first block with this key, or 0. */
  int find(long key) {
    return table[position(key)];
  }

  /**
   * The first block with this key, or 0.
   *
   * @param before the block found for the previous key of the prompt, or 0
   */
  int find(long key, int before) {
    int known = foundAfter[before];
    if (first[known] && keys[known] == key) {
      return known;
    }
    int found = find(key);
    if (found != 0) {
      foundAfter[before] = found;
    }
    return found;
  }

  /** The next block with the same key, or 0. */
  int nextCopy(int block) {
    return nextCopy[block];
  }

  void add(int block) {
    int at = position(keys[block]);
    nextCopy[block] = 0;
    if (table[at] == 0) {
      setFirst(at, block);
      return;
    }
    int last = table[at];
    while (nextCopy[last] != 0) {
      last = nextCopy[last];
    }
    nextCopy[last] = block;
  }

  /** Removes a block; returns whether it was the last one with its key. */
  boolean remove(int block) {
    int at = position(keys[block]);
    if (table[at] != block) {
      int before = table[at];
      while (nextCopy[before] != block) {
        before = nextCopy[before];
      }
      nextCopy[before] = nextCopy[block];
      return false;
    }
    first[block] = false;
    if (nextCopy[block] != 0) {
      setFirst(at, nextCopy[block]);
      return false;
    }
    clear(at);
    return true;
  }

  private void setFirst(int at, int block) {
    table[at] = block;
    first[block] = true;
  }

  /** Empties a position and moves later entries of its probe sequence back. */
  private void clear(int at) {
    int mask = table.length - 1;
    int hole = at;
    for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
      if (((i - home(keys[table[i]])) & mask) >= ((i - hole) & mask)) {
        table[hole] = table[i];
        hole = i;
      }
    }
    table[hole] = 0;
  }

  private int position(long key) {
    int mask = table.length - 1;
    int at = home(key);
    while (table[at] != 0 && keys[table[at]] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Keys are random already, so no further hashing is needed. */
  private int home(long key) {
    return (int) (key >>> 32) & (table.length - 1);
  }
}
