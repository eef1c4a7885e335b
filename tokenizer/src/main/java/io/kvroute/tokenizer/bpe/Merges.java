package io.kvroute.tokenizer.bpe;

import java.util.Arrays;

/**
 * Which pairs of tokens merge: the rank of each pair and the token it becomes. Open addressing; a
 * slot is one long of left id, right id and rank, 21 bits each. Immutable once built.
 */
final class Merges {

  /** The rank of a pair that does not merge. */
  static final int NONE = Integer.MAX_VALUE;

  private static final int BITS = Vocabulary.ID_BITS;
  private static final int MASK = (1 << BITS) - 1;
  private static final long EMPTY = -1;
  private static final long FACTOR = 0x9e3779b97f4a7c15L;

  private final long[] slots;
  private final int shift;
  private final int[] merged;

  /**
   * @param lefts the left ids, by rank
   * @param rights the right ids, by rank
   * @param merged what they become, by rank; kept
   */
  Merges(int[] lefts, int[] rights, int[] merged) {
    int bits = Math.max(4, Integer.SIZE - Integer.numberOfLeadingZeros(merged.length * 2 | 1));
    slots = new long[1 << bits];
    shift = Long.SIZE - bits;
    this.merged = merged;
    Arrays.fill(slots, EMPTY);
    for (int rank = 0; rank < merged.length; rank++) {
      put(key(lefts[rank], rights[rank]), rank);
    }
  }

  /** Of pairs that stand there twice, the last counts. */
  private void put(long key, int rank) {
    int slot = slot(key);
    while (slots[slot] != EMPTY && slots[slot] >>> BITS != key) {
      slot = slot + 1 & slots.length - 1;
    }
    slots[slot] = key << BITS | rank;
  }

  private static long key(int left, int right) {
    return (long) left << BITS | right;
  }

  private int slot(long key) {
    long product = key * FACTOR;
    return (int) ((product ^ (product << 21)) >>> shift);
  }

  /** The rank of a pair, {@link #NONE} if it does not merge; low ranks merge first. */
  int rank(int left, int right) {
    long key = key(left, right);
    int slot = slot(key);
    while (true) {
      long entry = slots[slot];
      if (entry >>> BITS == key) {
        return (int) entry & MASK;
      }
      if (entry == EMPTY) {
        return NONE;
      }
      slot = slot + 1 & slots.length - 1;
    }
  }

  /** The token that the pair of a rank becomes. */
  int merged(int rank) {
    return merged[rank];
  }
}
