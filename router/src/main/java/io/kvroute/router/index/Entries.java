package io.kvroute.router.index;

/**
 * Packs the holders of a block, three to a word. An entry is 20 bits: 14 for the slot's id, two for
 * its children, four for the {@link Presence} marks. The lower six bits are the entry's
 * <em>state</em>. An entry without a mark is empty. The bits for its children say how many child
 * blocks of this block the slot holds: none, one, or {@link #MANY}; {@link ChildCounts} then has
 * the number.
 */
final class Entries {

  static final int PER_WORD = 3;
  static final int SLOT_ID_BITS = 14;
  static final int PRESENCE = 0xf;
  static final int CHILD_SHIFT = 4;
  static final int CHILDREN = 3 << CHILD_SHIFT;

  /** The children bits of an entry whose count is kept in {@link ChildCounts}. */
  static final int MANY = 2 << CHILD_SHIFT;

  private static final int STATE_BITS = 6;
  private static final int STATE = (1 << STATE_BITS) - 1;
  private static final int BITS = SLOT_ID_BITS + STATE_BITS;
  private static final int MASK = (1 << BITS) - 1;
  private static final long ALL_CHILDREN =
      (long) CHILDREN | ((long) CHILDREN << BITS) | ((long) CHILDREN << (2 * BITS));

  private Entries() {}

  /** The i-th entry of a word, 0 if there is none. */
  static int entry(long word, int i) {
    return (int) (word >>> (i * BITS)) & MASK;
  }

  /** The slot that an entry belongs to. */
  static int slotId(int entry) {
    return entry >>> STATE_BITS;
  }

  /** An entry's children and presence bits. */
  static int state(int entry) {
    return entry & STATE;
  }

  /** The position of a slot's entry in a word, or -1. */
  static int find(long word, int slotId) {
    for (int i = 0; i < PER_WORD; i++) {
      int entry = entry(word, i);
      if (entry != 0 && slotId(entry) == slotId) {
        return i;
      }
    }
    return -1;
  }

  /** The position of an empty entry in a word, or -1. */
  static int findEmpty(long word) {
    for (int i = 0; i < PER_WORD; i++) {
      if (entry(word, i) == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Entries in a word. */
  static int count(long word) {
    int n = 0;
    for (int i = 0; i < PER_WORD; i++) {
      n += entry(word, i) == 0 ? 0 : 1;
    }
    return n;
  }

  /** The word with its i-th entry replaced; a state of 0 clears it. */
  static long with(long word, int i, int slotId, int state) {
    long entry = state == 0 ? 0 : ((long) slotId << STATE_BITS) | state;
    return (word & ~((long) MASK << (i * BITS))) | (entry << (i * BITS));
  }

  static boolean anyChildren(long word) {
    return (word & ALL_CHILDREN) != 0;
  }
}
