package io.kvroute.router.index;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who holds each node: three {@link Entries} in the node's own word while that is enough, then a
 * list of such words, then {@link HolderBitPlanes}. Written under the segment's lock; {@link
 * #intersect} and {@link #state} may be called without, on any node ever seen.
 */
final class HolderSets {

  /** Stands in a node's word when its holders are in an array. */
  private static final long ELSEWHERE = 1L << 63;

  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int RETRIES = 16;

  private final NodeStore nodes;
  private long arrayBytes;

  HolderSets(NodeStore nodes) {
    this.nodes = nodes;
  }

  /** Bytes in arrays. */
  long arrayBytes() {
    return arrayBytes;
  }

  /** Claims and children of a column, 0 where it does not hold the node. */
  int state(int node, int column) {
    for (int i = 0; i < RETRIES; i++) {
      long word = nodes.holders(node);
      if (word != ELSEWHERE) {
        int at = Entries.find(word, column);
        return at < 0 ? 0 : Entries.state(Entries.entry(word, at));
      }
      long[] more = nodes.more(node);
      if (more != null) {
        return state(more, column);
      }
    }
    return 0;
  }

  private static int state(long[] more, int column) {
    if (HolderBitPlanes.is(more)) {
      return HolderBitPlanes.get(more, column);
    }
    for (long word : more) {
      int at = Entries.find(word, column);
      if (at >= 0) {
        return Entries.state(Entries.entry(word, at));
      }
    }
    return 0;
  }

  boolean isEmpty(int node) {
    return nodes.holders(node) == 0;
  }

  boolean anyChildren(int node) {
    long[] more = nodes.more(node);
    if (more == null) {
      return Entries.anyChildren(nodes.holders(node));
    }
    if (HolderBitPlanes.is(more)) {
      return HolderBitPlanes.anyChildren(more);
    }
    for (long word : more) {
      if (Entries.anyChildren(word)) {
        return true;
      }
    }
    return false;
  }

  /** The columns that hold a node. */
  int[] columns(int node) {
    long[] more = nodes.more(node);
    if (more != null && HolderBitPlanes.is(more)) {
      return HolderBitPlanes.columns(more);
    }
    long[] words = more != null ? more : new long[] {nodes.holders(node)};
    int[] columns = new int[words.length * Entries.PER_WORD];
    int n = 0;
    for (long word : words) {
      for (int i = 0; i < Entries.PER_WORD; i++) {
        int entry = word == ELSEWHERE ? 0 : Entries.entry(word, i);
        if (entry != 0) {
          columns[n++] = Entries.column(entry);
        }
      }
    }
    return Arrays.copyOf(columns, n);
  }

  /**
   * Those of the columns in {@code sets[from..]} that hold the node, written to {@code sets[to..]}.
   */
  void intersect(int node, long[] sets, int from, int to, int words) {
    for (int i = 0; i < RETRIES; i++) {
      long word = nodes.holders(node);
      if (word != ELSEWHERE) {
        Arrays.fill(sets, to, to + words, 0);
        intersect(word, sets, from, to, words);
        return;
      }
      long[] more = nodes.more(node);
      if (more != null) {
        intersect(more, sets, from, to, words);
        return;
      }
    }
    Arrays.fill(sets, to, to + words, 0);
  }

  private static void intersect(long[] more, long[] sets, int from, int to, int words) {
    if (HolderBitPlanes.is(more)) {
      int n = Math.min(words, HolderBitPlanes.words(more));
      for (int i = 0; i < n; i++) {
        sets[to + i] = sets[from + i] & more[i];
      }
      Arrays.fill(sets, to + n, to + words, 0);
      return;
    }
    Arrays.fill(sets, to, to + words, 0);
    for (long word : more) {
      intersect(word, sets, from, to, words);
    }
  }

  private static void intersect(long word, long[] sets, int from, int to, int words) {
    for (int i = 0; i < Entries.PER_WORD; i++) {
      int entry = Entries.entry(word, i);
      int column = Entries.column(entry);
      int at = column >>> 6;
      if (entry != 0 && at < words) {
        sets[to + at] |= sets[from + at] & (1L << column);
      }
    }
  }

  /**
   * Sets a column's claims and children; without claims it no longer holds the node.
   *
   * @param words words that a set over all columns in use takes
   */
  void put(int node, int column, int state, int words) {
    long[] more = nodes.more(node);
    if (more == null) {
      long word = nodes.holders(node);
      int at = Entries.find(word, column);
      at = at < 0 ? Entries.room(word) : at;
      if (at >= 0) {
        nodes.holders(node, Entries.with(word, at, column, state));
      } else if (state != 0) {
        insert(node, new long[] {word}, column, state, words);
      }
    } else if (HolderBitPlanes.is(more)) {
      putInPlanes(node, more, column, state);
    } else {
      putInList(node, more, column, state, words);
    }
  }

  private void putInList(int node, long[] list, int column, int state, int words) {
    for (int i = 0; i < list.length; i++) {
      int at = Entries.find(list[i], column);
      if (at >= 0) {
        list[i] = Entries.with(list[i], at, column, state);
        if (state == 0) {
          shrink(node, list);
        }
        return;
      }
    }
    if (state != 0) {
      insert(node, list, column, state, words);
    }
  }

  private void putInPlanes(int node, long[] planes, int column, int state) {
    int words = (column >>> 6) + 1;
    if (words <= HolderBitPlanes.words(planes)) {
      HolderBitPlanes.put(planes, column, state);
      if (state == 0) {
        shrink(node, planes);
      }
    } else if (state != 0) {
      long[] wide = HolderBitPlanes.widen(planes, words);
      HolderBitPlanes.put(wide, column, state);
      replace(node, wide);
    }
  }

  /** Adds a column to a list that does not have it, moving on to a larger form if need be. */
  private void insert(int node, long[] list, int column, int state, int words) {
    int count = 0;
    for (int i = 0; i < list.length; i++) {
      int at = Entries.room(list[i]);
      if (at >= 0) {
        list[i] = Entries.with(list[i], at, column, state);
        return;
      }
      count += Entries.PER_WORD;
    }
    if (count >= HolderBitPlanes.worthwhile(words)) {
      long[] planes = HolderBitPlanes.make(Math.max(words, (column >>> 6) + 1));
      for (long word : list) {
        for (int i = 0; i < Entries.PER_WORD; i++) {
          int entry = Entries.entry(word, i);
          HolderBitPlanes.put(planes, Entries.column(entry), Entries.state(entry));
        }
      }
      HolderBitPlanes.put(planes, column, state);
      replace(node, planes);
    } else {
      long[] grown = Arrays.copyOf(list, list.length * 2);
      grown[list.length] = Entries.with(0, 0, column, state);
      replace(node, grown);
    }
  }

  /** Moves back to a smaller form once much less than half of the larger one is used. */
  private void shrink(int node, long[] more) {
    int count = 0;
    if (HolderBitPlanes.is(more)) {
      count = HolderBitPlanes.count(more);
      if (count > HolderBitPlanes.worthwhile(HolderBitPlanes.words(more)) / 4) {
        return;
      }
    } else {
      for (long word : more) {
        count += Entries.count(word);
      }
      if (count > more.length * Entries.PER_WORD / 4) {
        return;
      }
    }
    int words = (count + Entries.PER_WORD - 1) / Entries.PER_WORD;
    long[] list = new long[words <= 1 ? 1 : Integer.highestOneBit(words - 1) << 1];
    int n = 0;
    for (int column : columns(node)) {
      list[n / Entries.PER_WORD] =
          Entries.with(
              list[n / Entries.PER_WORD], n % Entries.PER_WORD, column, state(more, column));
      n++;
    }
    if (list.length == 1) {
      nodes.holders(node, list[0]);
      VarHandle.storeStoreFence();
      replace(node, null);
    } else {
      replace(node, list);
    }
  }

  /** Publishes a node's array: whole before the word that sends readers there. */
  private void replace(int node, long @Nullable [] more) {
    long[] old = nodes.more(node);
    arrayBytes += bytes(more) - bytes(old);
    VarHandle.storeStoreFence();
    nodes.more(node, more);
    if (more != null && old == null) {
      VarHandle.storeStoreFence();
      nodes.holders(node, ELSEWHERE);
    }
  }

  private static long bytes(long @Nullable [] array) {
    return array == null ? 0 : ARRAY_HEADER_BYTES + (long) array.length * Long.BYTES;
  }
}
