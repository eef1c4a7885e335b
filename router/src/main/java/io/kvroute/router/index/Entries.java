package io.kvroute.router.index;

/**
 * Holder entries, three to a word: 14 bits of column, two of children, four of claims. An entry
 * without claims is no entry. The children are how many blocks the same column holds right behind
 * this one: none, one, or {@link #MANY}, and then {@link ChildCounts} knows.
 */
final class Entries {

  static final int PER_WORD = 3;
  static final int COLUMN_BITS = 14;
  static final int CLAIMS = 0xf;
  static final int CHILD_SHIFT = 4;
  static final int CHILDREN = 3 << CHILD_SHIFT;

  /** The children bits of a column whose count is kept elsewhere. */
  static final int MANY = 2 << CHILD_SHIFT;

  private static final int STATE_BITS = 6;
  private static final int STATE = (1 << STATE_BITS) - 1;
  private static final int BITS = COLUMN_BITS + STATE_BITS;
  private static final int MASK = (1 << BITS) - 1;
  private static final long ALL_CHILDREN =
      (long) CHILDREN | ((long) CHILDREN << BITS) | ((long) CHILDREN << (2 * BITS));

  private Entries() {}

  /** The i-th entry of a word, 0 if there is none. */
  static int entry(long word, int i) {
    return (int) (word >>> (i * BITS)) & MASK;
  }

  static int column(int entry) {
    return entry >>> STATE_BITS;
  }

  /** An entry's children and claims. */
  static int state(int entry) {
    return entry & STATE;
  }

  /** The column's place in a word, or -1. */
  static int find(long word, int column) {
    for (int i = 0; i < PER_WORD; i++) {
      int entry = entry(word, i);
      if (entry != 0 && column(entry) == column) {
        return i;
      }
    }
    return -1;
  }

  /** A free place in a word, or -1. */
  static int room(long word) {
    for (int i = 0; i < PER_WORD; i++) {
      if (entry(word, i) == 0) {
        return i;
      }
    }
    return -1;
  }

  static int count(long word) {
    int n = 0;
    for (int i = 0; i < PER_WORD; i++) {
      n += entry(word, i) == 0 ? 0 : 1;
    }
    return n;
  }

  /** The word with its i-th entry replaced; a state of 0 clears it. */
  static long with(long word, int i, int column, int state) {
    long entry = state == 0 ? 0 : ((long) column << STATE_BITS) | state;
    return (word & ~((long) MASK << (i * BITS))) | (entry << (i * BITS));
  }

  static boolean anyChildren(long word) {
    return (word & ALL_CHILDREN) != 0;
  }
}
