package io.kvroute.router.index;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Look-ups in one {@link Segment}, without its lock. A node may be freed and reused while it is
 * read, so each look-up checks the node's key again after reading and retries if it has changed
 * (optimistic reading, as in a seqlock). A result is what was true at some moment during the call.
 * Thread-safe.
 */
final class SegmentReader {

  /** Some slots of a set hold the block. */
  static final int KEPT = 1;

  /** Some slots of a set do not hold the block. */
  static final int LOST = 2;

  private static final int RETRIES = 16;

  private final Object lock;
  private final NodeStore nodes;
  private final HolderSets sets;
  private final KeyTable table;

  /**
   * A reader of one segment's parts.
   *
   * @param lock held by whoever writes to them
   */
  SegmentReader(Object lock, NodeStore nodes, HolderSets sets, KeyTable table) {
    this.lock = lock;
    this.nodes = nodes;
    this.sets = sets;
    this.table = table;
  }

  /**
   * Of the slots in {@code words[from..]}, writes those that hold a block to {@code words[to..]}.
   *
   * @return {@link #KEPT} if some hold it, {@link #LOST} if some do not, or both
   */
  int split(long key, long[] words, int from, int to, int length) {
    int node = locate(key);
    for (int i = 0; node != NodeStore.NONE && i < RETRIES; i++) {
      sets.intersect(node, words, from, to, length);
      VarHandle.loadLoadFence();
      if (nodes.is(node, key)) {
        return compare(words, from, to, length);
      }
      node = locate(key);
    }
    Arrays.fill(words, to, to + length, 0);
    return LOST;
  }

  private static int compare(long[] words, int from, int to, int length) {
    long kept = 0;
    long lost = 0;
    for (int i = 0; i < length; i++) {
      kept |= words[to + i];
      lost |= words[from + i] ^ words[to + i];
    }
    return (kept != 0 ? KEPT : 0) | (lost != 0 ? LOST : 0);
  }

  /** The {@link Presence} bits of a block in a slot; 0 if the slot does not hold it. */
  int presence(long key, int slotId) {
    int node = locate(key);
    for (int i = 0; node != NodeStore.NONE && i < RETRIES; i++) {
      int state = sets.state(node, slotId);
      VarHandle.loadLoadFence();
      if (nodes.is(node, key)) {
        return state & Entries.PRESENCE;
      }
      node = locate(key);
    }
    return 0;
  }

  /** A key's node. Takes the lock only if a writer was suspended in the middle of a change. */
  private int locate(long key) {
    int node = table.find(key);
    if (node == KeyTable.UNSURE) {
      synchronized (lock) {
        return table.find(key);
      }
    }
    return node;
  }
}
