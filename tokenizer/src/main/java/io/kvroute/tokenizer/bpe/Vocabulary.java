package io.kvroute.tokenizer.bpe;

import java.util.Arrays;

/** Bytes of tokens by id, in one array. Immutable. */
final class Vocabulary {

  /** Ids must fit in so many bits. */
  static final int ID_BITS = 21;

  private final byte[] bytes;
  private final int[] starts;
  private final int[] lengths;

  private Vocabulary(byte[] bytes, int[] starts, int[] lengths) {
    this.bytes = bytes;
    this.starts = starts;
    this.lengths = lengths;
  }

  /** All ids are below this. */
  int ids() {
    return starts.length;
  }

  /** How many bytes a token has; 0 for an id that is no token. */
  int length(int id) {
    return id >= 0 && id < lengths.length ? lengths[id] : 0;
  }

  int start(int id) {
    return starts[id];
  }

  /** The tokens' bytes, {@link WordHash#PADDING padded}; not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Collects tokens in any order. */
  static final class Builder {
    private byte[] bytes = new byte[1 << 20];
    private int[] starts = new int[1 << 16];
    private int[] lengths = new int[1 << 16];
    private int size;
    private int ids;

    /** Adds a token. */
    void add(int id, byte[] token) {
      if (size + token.length > bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length + token.length);
      }
      System.arraycopy(token, 0, bytes, size, token.length);
      if (id >= starts.length) {
        int length = Math.max(id + 1, 2 * starts.length);
        starts = Arrays.copyOf(starts, length);
        lengths = Arrays.copyOf(lengths, length);
      }
      starts[id] = size;
      lengths[id] = token.length;
      size += token.length;
      ids = Math.max(ids, id + 1);
    }

    Vocabulary build() {
      return new Vocabulary(
          Arrays.copyOf(bytes, size + WordHash.PADDING),
          Arrays.copyOf(starts, ids),
          Arrays.copyOf(lengths, ids));
    }
  }
}
