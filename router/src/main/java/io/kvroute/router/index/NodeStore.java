package io.kvroute.router.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one segment, in chunks of flat arrays that never move, so that a node's number stays
 * valid until it is freed and a reader without a lock can never run out of bounds.
 *
 * <p>A node is four words (key, parent's key, holders, neighbours in the list of leaves), a count
 * of uses and, once its holders outgrow their word, an array of its own; {@link HolderSets} knows
 * what is in both. Written under the segment's lock.
 */
final class NodeStore {

  static final int NONE = -1;

  private static final int WORDS = 4;
  private static final int PARENT = 1;
  private static final int HOLDERS = 2;
  private static final int LINKS = 3;

  /** What a node takes: its words, its count of uses and its reference to an array. */
  static final int NODE_BYTES = WORDS * Long.BYTES + Character.BYTES + Integer.BYTES;

  private static final int SHIFT = 7;
  private static final int MASK = (1 << SHIFT) - 1;

  private static final class Chunk {
    final long[] words = new long[WORDS << SHIFT];
    final char[] uses = new char[1 << SHIFT];
    final long[] @Nullable [] more = new long[1 << SHIFT] @Nullable [];
  }

  private volatile Chunk[] chunks = {};
  private int fresh;
  private int free = NONE;

  int create(long key, long parentKey) {
    int node = free;
    if (node != NONE) {
      free = (int) links(node);
    } else {
      node = fresh++;
      if (node >>> SHIFT == chunks.length) {
        Chunk[] grown = Arrays.copyOf(chunks, chunks.length + 1);
        grown[grown.length - 1] = new Chunk();
        chunks = grown;
      }
    }
    Chunk chunk = chunks[node >>> SHIFT];
    int at = (node & MASK) * WORDS;
    chunk.words[at + PARENT] = parentKey;
    chunk.words[at] = key;
    chunk.uses[node & MASK] = 0;
    return node;
  }

  /** Gives a node without holders back. */
  void free(int node) {
    links(node, free);
    free = node;
  }

  /** One more than the largest node number in use. */
  int end() {
    return fresh;
  }

  /** Whether this is the key's node; any thread, for any number ever seen. */
  boolean is(int node, long key) {
    Chunk[] all = chunks;
    int chunk = node >>> SHIFT;
    return chunk < all.length && all[chunk].words[(node & MASK) * WORDS] == key;
  }

  long key(int node) {
    return chunks[node >>> SHIFT].words[(node & MASK) * WORDS];
  }

  long parent(int node) {
    return chunks[node >>> SHIFT].words[(node & MASK) * WORDS + PARENT];
  }

  long holders(int node) {
    return chunks[node >>> SHIFT].words[(node & MASK) * WORDS + HOLDERS];
  }

  void holders(int node, long word) {
    chunks[node >>> SHIFT].words[(node & MASK) * WORDS + HOLDERS] = word;
  }

  long @Nullable [] more(int node) {
    return chunks[node >>> SHIFT].more[node & MASK];
  }

  void more(int node, long @Nullable [] array) {
    chunks[node >>> SHIFT].more[node & MASK] = array;
  }

  long links(int node) {
    return chunks[node >>> SHIFT].words[(node & MASK) * WORDS + LINKS];
  }

  void links(int node, long word) {
    chunks[node >>> SHIFT].words[(node & MASK) * WORDS + LINKS] = word;
  }

  int uses(int node) {
    return chunks[node >>> SHIFT].uses[node & MASK];
  }

  /** Counts a use; the count stops at its maximum. */
  void use(int node) {
    char[] uses = chunks[node >>> SHIFT].uses;
    if (uses[node & MASK] != Character.MAX_VALUE) {
      uses[node & MASK]++;
    }
  }
}
