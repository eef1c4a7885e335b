package io.kvroute.router.shadow;

/**
 * Blocks by name: open addressing over block numbers, with those that bear one name in a list from
 * the first named to the last. Not thread-safe.
 */
final class NameTable {

  private final long[] keys;
  private final int[] sameName;
  private final int[] table;

  /** Blocks that are the first of their name. */
  private final boolean[] first;

  /** Where the block behind each was last found; it may have another name since. */
  private final int[] after;

  /**
   * An empty table.
   *
   * @param keys the blocks' names, kept by the owner; unchanged while a block is in the table
   */
  NameTable(long[] keys) {
    this.keys = keys;
    sameName = new int[keys.length];
    first = new boolean[keys.length];
    after = new int[keys.length];
    table = new int[Integer.highestOneBit(keys.length - 1) << 2];
  }

  /** The first block named so, or 0. */
  int find(long key) {
    return table[place(key)];
  }

  /**
   * The first block named so, or 0. The one that was found behind {@code before} the last time is
   * tried first.
   */
  int find(long key, int before) {
    int known = after[before];
    if (first[known] && keys[known] == key) {
      return known;
    }
    int found = find(key);
    if (found != 0) {
      after[before] = found;
    }
    return found;
  }

  /** The next block named like this one, or 0. */
  int next(int block) {
    return sameName[block];
  }

  void add(int block) {
    int at = place(keys[block]);
    sameName[block] = 0;
    if (table[at] == 0) {
      lead(at, block);
      return;
    }
    int last = table[at];
    while (sameName[last] != 0) {
      last = sameName[last];
    }
    sameName[last] = block;
  }

  /** Removes a block; tells whether no other bears its name. */
  boolean remove(int block) {
    int at = place(keys[block]);
    if (table[at] != block) {
      int before = table[at];
      while (sameName[before] != block) {
        before = sameName[before];
      }
      sameName[before] = sameName[block];
      return false;
    }
    first[block] = false;
    if (sameName[block] != 0) {
      lead(at, sameName[block]);
      return false;
    }
    close(at);
    return true;
  }

  private void lead(int at, int block) {
    table[at] = block;
    first[block] = true;
  }

  private void close(int at) {
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

  private int place(long key) {
    int mask = table.length - 1;
    int at = home(key);
    while (table[at] != 0 && keys[table[at]] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** Keys are random already. */
  private int home(long key) {
    return (int) (key >>> 32) & (table.length - 1);
  }
}
