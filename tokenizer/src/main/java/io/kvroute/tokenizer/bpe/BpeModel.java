package io.kvroute.tokenizer.bpe;

import java.util.BitSet;

/**
 * A vocabulary with its merges. Immutable.
 *
 * @param words the words that surely are one token, without any merge
 */
record BpeModel(Vocabulary vocabulary, Merges merges, ByteIds byteIds, WordTable words) {

  /** The id of each byte's token. */
  static final class ByteIds {
    private final int[] ids;

    ByteIds(int[] ids) {
      this.ids = ids;
    }

    int[] raw() {
      return ids;
    }
  }

  /**
   * A model.
   *
   * @param tokens the ids of all tokens that stand for bytes
   * @param ignoreMerges whether a word that is a token needs no merges to become it
   */
  static BpeModel of(
      Vocabulary vocabulary, BitSet tokens, Merges merges, int[] byteIds, boolean ignoreMerges) {
    BitSet words = ignoreMerges ? tokens : reached(vocabulary, tokens, merges, byteIds);
    return new BpeModel(vocabulary, merges, new ByteIds(byteIds), new WordTable(vocabulary, words));
  }

  /** The tokens that merging their own bytes leads to. */
  private static BitSet reached(
      Vocabulary vocabulary, BitSet tokens, Merges merges, int[] byteIds) {
    BitSet reached = new BitSet(vocabulary.ids());
    Merger merger = new Merger(merges, byteIds);
    for (int id = tokens.nextSetBit(0); id >= 0; id = tokens.nextSetBit(id + 1)) {
      IdBuffer ids = new IdBuffer(1);
      merger.merge(vocabulary.bytes(), vocabulary.start(id), vocabulary.length(id), ids);
      if (ids.count() == 1 && ids.raw()[0] == id) {
        reached.set(id);
      }
    }
    return reached;
  }

  Merger merger() {
    return new Merger(merges, byteIds.raw());
  }
}
