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

  private static final int SHIFT = 9;
  private static final int MASK = (1 << SHIFT) - 1;

  private volatile long[][] words = {};
  private volatile long[][] @Nullable [] more = {};
  private char[][] uses = {};
  private int fresh;
  private int free = NONE;

  int create(long key, long parentKey) {
    int node = free;
    if (node != NONE) {
      free = (int) links(node);
    } else {
      node = fresh++;
      if (node >>> SHIFT == words.length) {
        addChunk();
      }
    }
    long[] chunk = words[node >>> SHIFT];
    int at = (node & MASK) * WORDS;
    chunk[at + PARENT] = parentKey;
    chunk[at] = key;
    uses[node >>> SHIFT][node & MASK] = 0;
    return node;
  }

  private void addChunk() {
    int n = words.length;
    uses = Arrays.copyOf(uses, n + 1);
    uses[n] = new char[1 << SHIFT];
    long[][] @Nullable [] moreMore = Arrays.copyOf(more, n + 1);
    moreMore[n] = new long[1 << SHIFT] @Nullable [];
    more = moreMore;
    long[][] moreWords = Arrays.copyOf(words, n + 1);
    moreWords[n] = new long[WORDS << SHIFT];
    words = moreWords;
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
    long[][] all = words;
    int chunk = node >>> SHIFT;
    return chunk < all.length && all[chunk][(node & MASK) * WORDS] == key;
  }

  long key(int node) {
    return words[node >>> SHIFT][(node & MASK) * WORDS];
  }

  long parent(int node) {
    return words[node >>> SHIFT][(node & MASK) * WORDS + PARENT];
  }

  long holders(int node) {
    return words[node >>> SHIFT][(node & MASK) * WORDS + HOLDERS];
  }

  void holders(int node, long word) {
    words[node >>> SHIFT][(node & MASK) * WORDS + HOLDERS] = word;
  }

  long @Nullable [] more(int node) {
    return more[node >>> SHIFT][node & MASK];
  }

  void more(int node, long @Nullable [] array) {
    more[node >>> SHIFT][node & MASK] = array;
  }

  long links(int node) {
    return words[node >>> SHIFT][(node & MASK) * WORDS + LINKS];
  }

  void links(int node, long word) {
    words[node >>> SHIFT][(node & MASK) * WORDS + LINKS] = word;
  }

  int uses(int node) {
    return uses[node >>> SHIFT][node & MASK];
  }

  /** Counts a use; the count stops at its maximum. */
  void use(int node) {
    char[] counts = uses[node >>> SHIFT];
    if (counts[node & MASK] != Character.MAX_VALUE) {
      counts[node & MASK]++;
    }
  }
}
