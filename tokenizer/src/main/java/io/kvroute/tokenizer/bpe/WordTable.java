package io.kvroute.tokenizer.bpe;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Words that are one token, by their bytes: open addressing over pairs of longs. The first long is
 * the word itself up to eight bytes, else its hash; the second is length and id. Immutable.
 */
final class WordTable {

  private final Vocabulary vocabulary;
  private final long[] slots;
  private final int shift;

  /**
   * @param members the ids to hold
   */
  WordTable(Vocabulary vocabulary, BitSet members) {
    this.vocabulary = vocabulary;
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(members.cardinality() * 3 / 2 | 1);
    this.slots = new long[2 << bits];
    this.shift = Long.SIZE - bits;
    for (int id = members.nextSetBit(0); id >= 0; id = members.nextSetBit(id + 1)) {
      put(id);
    }
  }

  private void put(int id) {
    int length = vocabulary.length(id);
    int start = vocabulary.start(id);
    long hash = WordHash.of(vocabulary.bytes(), start, length);
    int slot = (int) (hash >>> shift) * 2;
    while (slots[slot + 1] != 0) {
      slot = slot + 2 & slots.length - 1;
    }
    slots[slot] = key(vocabulary.bytes(), start, length, hash);
    slots[slot + 1] = (long) length << Integer.SIZE | id;
  }

  private static long key(byte[] bytes, int start, int length, long hash) {
    return length <= Long.BYTES ? WordHash.longAt(bytes, start, length) : hash;
  }

  /**
   * The id of a word; -1 if it is none.
   *
   * @param bytes {@link WordHash#PADDING padded}
   * @param hash {@link WordHash#of} it
   */
  int find(byte[] bytes, int start, int length, long hash) {
    long key = key(bytes, start, length, hash);
    int slot = (int) (hash >>> shift) * 2;
    while (true) {
      long entry = slots[slot + 1];
      if (entry == 0) {
        return -1;
      }
      if (slots[slot] == key
          && (int) (entry >>> Integer.SIZE) == length
          && (length <= Long.BYTES || isToken((int) entry, bytes, start, length))) {
        return (int) entry;
      }
      slot = slot + 2 & slots.length - 1;
    }
  }

  private boolean isToken(int id, byte[] bytes, int start, int length) {
    int at = vocabulary.start(id);
    return Arrays.equals(vocabulary.bytes(), at, at + length, bytes, start, start + length);
  }
}
