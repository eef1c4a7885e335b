package io.kvroute.router.index;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of one segment, in chunks of flat arrays that never move: a node's number stays valid
 * until the node is freed, and a reader without a lock never runs out of bounds. Freed numbers are
 * reused.
 *
 * <p>Layout: chunk {@code n >>> 9} holds node n. A node is four words (key, parent's key, holders,
 * neighbours in the {@link LeafList}), a 16-bit count of uses and, if it has more holders than fit
 * into their word, an overflow array. {@link HolderSets} defines the content of the holders' word
 * and of the overflow array. Node 513, for example, has its key in {@code words[1][4]} and its
 * parent's key in {@code words[1][5]}. Every operation costs O(1). Written under the segment's
 * lock.
 */
final class NodeStore {

  static final int NONE = -1;

  private static final int WORDS = 4;
  private static final int PARENT = 1;
  private static final int HOLDERS = 2;
  private static final int LINKS = 3;

  /** Memory of a node: its words, its count of uses and its reference to an overflow array. */
  static final int NODE_BYTES = WORDS * Long.BYTES + Character.BYTES + Integer.BYTES;

  private static final int SHIFT = 9;
  private static final int MASK = (1 << SHIFT) - 1;

  private volatile long[][] words = {};
  private volatile long[][] @Nullable [] overflow = {};
  private char[][] uses = {};
  private int fresh;
  private int free = NONE;

  /** Returns the number of a new node without holders. */
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
    long[][] @Nullable [] overflowGrown = Arrays.copyOf(overflow, n + 1);
    overflowGrown[n] = new long[1 << SHIFT] @Nullable [];
    overflow = overflowGrown;
    long[][] wordsGrown = Arrays.copyOf(words, n + 1);
    wordsGrown[n] = new long[WORDS << SHIFT];
    words = wordsGrown;
  }

  /** Makes the number of a node without holders available again. */
  void free(int node) {
    links(node, free);
    free = node;
  }

  /** One more than the largest node number in use. */
  int end() {
    return fresh;
  }

  /** Whether the node has this key. May be called on any thread, for any number ever seen. */
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

  long @Nullable [] overflow(int node) {
    return overflow[node >>> SHIFT][node & MASK];
  }

  void overflow(int node, long @Nullable [] array) {
    overflow[node >>> SHIFT][node & MASK] = array;
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

  /** Counts a use. The count stops at its maximum. */
  void use(int node) {
    char[] counts = uses[node >>> SHIFT];
    if (counts[node & MASK] != Character.MAX_VALUE) {
      counts[node & MASK]++;
    }
  }
}
