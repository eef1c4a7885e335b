package io.kvroute.router.index;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which slots hold each node. Three forms, chosen by the number of holders:
 *
 * <ol>
 *   <li>up to three {@link Entries} in the node's own word: no extra memory;
 *   <li>an array of such words, three entries each, searched linearly: 2.7 to 8 bytes a holder;
 *   <li>{@link HolderBitPlanes}, once they take less than 32 bytes a holder.
 * </ol>
 *
 * <p>Reading or writing one slot's state costs O(words of a list) or O(1) in planes. {@link
 * #intersect} costs O(holders) or one AND for each word of a plane. Example: the fourth holder
 * turns the word {a, b, c} into {@link #IN_OVERFLOW} and an array of two words, {a, b, c} and {d}.
 *
 * <p>Written under the segment's lock. {@link #intersect} and {@link #state} may be called without
 * it, for any node number ever seen; the caller checks afterwards that the node has not changed.
 */
final class HolderSets {

  /** The value of a node's word when its holders are in an array. */
  private static final long IN_OVERFLOW = 1L << 63;

  private static final int ARRAY_HEADER_BYTES = 16;
  private static final int RETRIES = 16;

  private final NodeStore nodes;
  private long arrayBytes;

  HolderSets(NodeStore nodes) {
    this.nodes = nodes;
  }

  /** Memory of all arrays. */
  long arrayBytes() {
    return arrayBytes;
  }

  /** Presence and children bits of a slot, 0 if it does not hold the node. */
  int state(int node, int slotId) {
    for (int i = 0; i < RETRIES; i++) {
      long word = nodes.holders(node);
      if (word != IN_OVERFLOW) {
        int at = Entries.find(word, slotId);
        return at < 0 ? 0 : Entries.state(Entries.entry(word, at));
      }
      long[] overflow = nodes.overflow(node);
      if (overflow != null) {
        return state(overflow, slotId);
      }
    }
    return 0;
  }

  private static int state(long[] overflow, int slotId) {
    if (HolderBitPlanes.is(overflow)) {
      return HolderBitPlanes.get(overflow, slotId);
    }
    for (long word : overflow) {
      int at = Entries.find(word, slotId);
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
    long[] overflow = nodes.overflow(node);
    if (overflow == null) {
      return Entries.anyChildren(nodes.holders(node));
    }
    if (HolderBitPlanes.is(overflow)) {
      return HolderBitPlanes.anyChildren(overflow);
    }
    for (long word : overflow) {
      if (Entries.anyChildren(word)) {
        return true;
      }
    }
    return false;
  }

  /** The ids of the slots that hold a node. */
  int[] slotIds(int node) {
    long[] overflow = nodes.overflow(node);
    if (overflow != null && HolderBitPlanes.is(overflow)) {
      return HolderBitPlanes.slotIds(overflow);
    }
    long[] words = overflow != null ? overflow : new long[] {nodes.holders(node)};
    int[] slotIds = new int[words.length * Entries.PER_WORD];
    int n = 0;
    for (long word : words) {
      for (int i = 0; i < Entries.PER_WORD; i++) {
        int entry = word == IN_OVERFLOW ? 0 : Entries.entry(word, i);
        if (entry != 0) {
          slotIds[n++] = Entries.slotId(entry);
        }
      }
    }
    return Arrays.copyOf(slotIds, n);
  }

  /**
   * Of the slots in {@code sets[from..]}, writes those that hold the node to {@code sets[to..]}.
   */
  void intersect(int node, long[] sets, int from, int to, int words) {
    for (int i = 0; i < RETRIES; i++) {
      long word = nodes.holders(node);
      if (word != IN_OVERFLOW) {
        Arrays.fill(sets, to, to + words, 0);
        intersect(word, sets, from, to, words);
        return;
      }
      long[] overflow = nodes.overflow(node);
      if (overflow != null) {
        intersect(overflow, sets, from, to, words);
        return;
      }
    }
    Arrays.fill(sets, to, to + words, 0);
  }

  private static void intersect(long[] overflow, long[] sets, int from, int to, int words) {
    if (HolderBitPlanes.is(overflow)) {
      int n = Math.min(words, HolderBitPlanes.words(overflow));
      for (int i = 0; i < n; i++) {
        sets[to + i] = sets[from + i] & overflow[i];
      }
      Arrays.fill(sets, to + n, to + words, 0);
      return;
    }
    Arrays.fill(sets, to, to + words, 0);
    for (long word : overflow) {
      intersect(word, sets, from, to, words);
    }
  }

  private static void intersect(long word, long[] sets, int from, int to, int words) {
    for (int i = 0; i < Entries.PER_WORD; i++) {
      int entry = Entries.entry(word, i);
      int slotId = Entries.slotId(entry);
      int at = slotId >>> 6;
      if (entry != 0 && at < words) {
        sets[to + at] |= sets[from + at] & (1L << slotId);
      }
    }
  }

  /**
   * Sets a slot's presence and children bits; a state of 0 removes the slot from the node.
   *
   * @param words words of a set of all slot ids in use
   */
  void put(int node, int slotId, int state, int words) {
    long[] overflow = nodes.overflow(node);
    if (overflow == null) {
      long word = nodes.holders(node);
      int at = Entries.find(word, slotId);
      at = at < 0 ? Entries.findEmpty(word) : at;
      if (at >= 0) {
        nodes.holders(node, Entries.with(word, at, slotId, state));
      } else if (state != 0) {
        insert(node, new long[] {word}, slotId, state, words);
      }
    } else if (HolderBitPlanes.is(overflow)) {
      putInPlanes(node, overflow, slotId, state);
    } else {
      putInList(node, overflow, slotId, state, words);
    }
  }

  private void putInList(int node, long[] list, int slotId, int state, int words) {
    for (int i = 0; i < list.length; i++) {
      int at = Entries.find(list[i], slotId);
      if (at >= 0) {
        list[i] = Entries.with(list[i], at, slotId, state);
        if (state == 0) {
          shrink(node, list);
        }
        return;
      }
    }
    if (state != 0) {
      insert(node, list, slotId, state, words);
    }
  }

  private void putInPlanes(int node, long[] planes, int slotId, int state) {
    int words = (slotId >>> 6) + 1;
    if (words <= HolderBitPlanes.words(planes)) {
      HolderBitPlanes.put(planes, slotId, state);
      if (state == 0) {
        shrink(node, planes);
      }
    } else if (state != 0) {
      long[] wide = HolderBitPlanes.widen(planes, words);
      HolderBitPlanes.put(wide, slotId, state);
      replace(node, wide);
    }
  }

  /** Adds a slot to a list that lacks it, and changes to a larger form if the list is full. */
  private void insert(int node, long[] list, int slotId, int state, int words) {
    int count = 0;
    for (int i = 0; i < list.length; i++) {
      int at = Entries.findEmpty(list[i]);
      if (at >= 0) {
        list[i] = Entries.with(list[i], at, slotId, state);
        return;
      }
      count += Entries.PER_WORD;
    }
    if (count >= HolderBitPlanes.worthwhile(words)) {
      long[] planes = HolderBitPlanes.make(Math.max(words, (slotId >>> 6) + 1));
      for (long word : list) {
        for (int i = 0; i < Entries.PER_WORD; i++) {
          int entry = Entries.entry(word, i);
          HolderBitPlanes.put(planes, Entries.slotId(entry), Entries.state(entry));
        }
      }
      HolderBitPlanes.put(planes, slotId, state);
      replace(node, planes);
    } else {
      long[] grown = Arrays.copyOf(list, list.length * 2);
      grown[list.length] = Entries.with(0, 0, slotId, state);
      replace(node, grown);
    }
  }

  /** Changes back to a smaller form once no more than a quarter of the larger one is used. */
  private void shrink(int node, long[] overflow) {
    int count = 0;
    if (HolderBitPlanes.is(overflow)) {
      count = HolderBitPlanes.count(overflow);
      if (count > HolderBitPlanes.worthwhile(HolderBitPlanes.words(overflow)) / 4) {
        return;
      }
    } else {
      for (long word : overflow) {
        count += Entries.count(word);
      }
      if (count > overflow.length * Entries.PER_WORD / 4) {
        return;
      }
    }
    int words = (count + Entries.PER_WORD - 1) / Entries.PER_WORD;
    long[] list = new long[words <= 1 ? 1 : Integer.highestOneBit(words - 1) << 1];
    int n = 0;
    for (int slotId : slotIds(node)) {
      list[n / Entries.PER_WORD] =
          Entries.with(
              list[n / Entries.PER_WORD], n % Entries.PER_WORD, slotId, state(overflow, slotId));
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

  /** Publishes a node's array: readers see its content before the word that points to it. */
  private void replace(int node, long @Nullable [] overflow) {
    long[] old = nodes.overflow(node);
    arrayBytes += bytes(overflow) - bytes(old);
    VarHandle.storeStoreFence();
    nodes.overflow(node, overflow);
    if (overflow != null && old == null) {
      VarHandle.storeStoreFence();
      nodes.holders(node, IN_OVERFLOW);
    }
  }

  private static long bytes(long @Nullable [] array) {
    return array == null ? 0 : ARRAY_HEADER_BYTES + (long) array.length * Long.BYTES;
  }
}
