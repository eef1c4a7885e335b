package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which replica holds which blocks, for one model and block size: a radix tree with one block per
 * edge that answers for all replicas at once. A slot is a numbered holder of blocks; it stands for
 * one view of a replica's cache, and a replica may use several slots.
 *
 * <p>Layout: a node is identified by the key of its block, which is a hash of the whole prefix up
 * to that block. Equal prefixes are therefore stored once (hash-consing), and any node is found in
 * one step without walking from the root. Nodes lie in flat arrays of {@code 2^}{@link
 * Segment#BITS} segments chosen by the key's upper bits, and each node has the set of slots that
 * hold it. Chains without branches are not merged into one node (no path compression), so no node
 * is ever split, and removing a block changes only its own node and its parent's. A node takes
 * about 36 bytes. Its first three holders take no more memory; each further one takes up to 21
 * bytes, and fewer the more holders there are.
 *
 * <p>Cost: {@link #match} see {@link Matcher}; storing and removing O(1) for each block; clearing
 * or closing a slot O(1), because it only retires the slot's id; later writes remove the retired id
 * from the nodes, a few at a time ({@link Sweeper}). Beyond {@code maxBytes}, leaves are evicted in
 * LRU order, one segment after the other.
 *
 * <p>Example: slot 0 stores the chain A, B, C and slot 1 stores A, B, D. The tree has four nodes: A
 * and B with holders {0, 1}, C with {0}, D with {1}. A prompt A, B, C, x matches 3 blocks in slot 0
 * and 2 in slot 1. After slot 0 removes A, it still holds B and C, but matches 0, because A is
 * missing before them. A held block whose parent block is not held is called a hole.
 *
 * <p>Thread-safe. Look-ups take no lock and see each node in its present or a very recent state.
 * Writers lock one segment for one node at a time.
 */
public final class BlockIndex {

  /** Slot numbers are smaller than this. */
  public static final int MAX_SLOTS = 8192;

  private static final int SWEEP_NODES_PER_BLOCK = 4;

  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final SlotTable slots = new SlotTable();
  private final Segment[] segments = new Segment[1 << Segment.BITS];
  private final SegmentReader[] readers = new SegmentReader[segments.length];
  private final Sweeper sweeper = new Sweeper(segments, slots);
  private final AtomicInteger evictionHand = new AtomicInteger();
  private final ThreadLocal<Matcher> matchers = ThreadLocal.withInitial(Matcher::new);
  private @Nullable IndexWriter[] writers = new @Nullable IndexWriter[0];

  /**
   * An empty index.
   *
   * @param maxBytes memory that nodes and holders may take; beyond it the least recently used
   *     chains are evicted, their last blocks first
   */
  public BlockIndex(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 0)");
    }
    this.maxBytes = maxBytes;
    Arrays.setAll(segments, i -> new Segment(slots, bytes));
    Arrays.setAll(readers, i -> segments[i].reader());
  }

  /**
   * Opens a slot, empty.
   *
   * @param slot its number, from 0; if it is open already, the old writer is closed
   */
  public synchronized IndexWriter open(int slot) {
    if (slot < 0 || slot >= MAX_SLOTS) {
      throw new IllegalArgumentException(
          "slot: " + slot + " (expected: 0.." + (MAX_SLOTS - 1) + ")");
    }
    if (slot >= writers.length) {
      writers = Arrays.copyOf(writers, slot + 1);
    }
    IndexWriter old = writers[slot];
    if (old != null) {
      old.close();
    }
    IndexWriter opened = new IndexWriter(this, slot, openSlot(null, slot));
    writers[slot] = opened;
    return opened;
  }

  /**
   * For every slot, how many leading blocks of the prompt it holds. Allocates nothing and takes no
   * lock. Costs at most O(blocks of the prompt) probes.
   *
   * @param matchedBlocks written whole: entry i for slot i, 0 if slot i is not open
   */
  public void match(BlockKeys keys, int[] matchedBlocks) {
    matchers.get().match(readers, slots, keys, matchedBlocks);
  }

  /** Distinct blocks known. */
  public long blocks() {
    long n = 0;
    for (Segment segment : segments) {
      n += segment.blocks();
    }
    return n;
  }

  /** Bytes that nodes and holders take. */
  public long bytes() {
    return bytes.get();
  }

  /** The longest prefixes of a slot. For display only: the cost grows with all it holds. */
  public List<CachedPrefix> largest(int slot, int limit) {
    Slot current = current(slot);
    return current == null ? List.of() : rank(current).largest(this, current, limit);
  }

  /** The prefixes of a slot whose last block was used most often. For display only. */
  public List<CachedPrefix> hottest(int slot, int limit) {
    Slot current = current(slot);
    return current == null ? List.of() : rank(current).hottest(this, current, limit);
  }

  /**
   * Frees memory of cleared and closed slots, a bounded number of nodes at a time. Every store does
   * some of this, so nothing else needs to call it in service.
   *
   * @param nodes how many to look at, at most
   * @return whether anything is left to free
   */
  boolean sweep(int nodes) {
    boolean more = sweeper.sweep(nodes);
    trim();
    return more;
  }

  private PrefixRanking rank(Slot slot) {
    PrefixRanking ranking = new PrefixRanking();
    for (Segment segment : segments) {
      segment.addTails(slot, ranking);
    }
    return ranking;
  }

  private synchronized @Nullable Slot current(int slot) {
    IndexWriter writer = slot < writers.length ? writers[slot] : null;
    return writer == null ? null : writer.slot();
  }

  Segment segment(long key) {
    return segments[(int) (key >>> -Segment.BITS)];
  }

  void store(IndexWriter writer, BlockKeys keys, int from, int to, Presence presence) {
    long parentKey = from > 0 ? keys.key(from - 1) : keys.isFragment() ? keys.root() : 0;
    for (int i = from; i < to; i++) {
      long key = keys.key(i);
      Slot newHolder = segment(key).store(writer, key, parentKey, presence);
      if (newHolder != null && parentKey != Segment.NO_PARENT) {
        segment(parentKey).addChildren(newHolder, parentKey, 1, false);
      }
      parentKey = key;
    }
    sweeper.help((to - from) * SWEEP_NODES_PER_BLOCK);
    trim();
  }

  void mark(IndexWriter writer, long key, Presence presence) {
    segment(key).mark(writer, key, presence);
    trim();
  }

  void remove(IndexWriter writer, long key, int presenceBits) {
    updateParent(segment(key).remove(writer, key, presenceBits), false);
    trim();
  }

  /** The {@link Presence} bits of a block in a slot. */
  int presence(Slot slot, long key) {
    return readers[(int) (key >>> -Segment.BITS)].presence(key, slot.id);
  }

  /** Opens an empty slot and retires the one that it replaces, if any, in one step. */
  Slot openSlot(@Nullable Slot old, int slotNumber) {
    Slot opened = slots.replace(old, slotNumber);
    while (opened == null) {
      sweeper.sweep(Integer.MAX_VALUE);
      opened = slots.replace(old, slotNumber);
    }
    return opened;
  }

  void retire(Slot slot) {
    slots.retire(slot);
  }

  /** Evicts while there is too much memory. Any write may need it, as counts of children grow. */
  private void trim() {
    while (bytes.get() > maxBytes && evict()) {}
  }

  /** Evicts one leaf, from one segment after the other; false if there is none. */
  private boolean evict() {
    for (int i = 0; i < segments.length; i++) {
      int turn = evictionHand.getAndIncrement() & (segments.length - 1);
      Segment.Released released = segments[turn].evict();
      if (released != null) {
        updateParent(released, true);
        return true;
      }
    }
    return false;
  }

  private void updateParent(Segment.@Nullable Released released, boolean evicting) {
    if (released != null && released.parentKey() != Segment.NO_PARENT) {
      Segment parent = segment(released.parentKey());
      for (Slot slot : released.slots()) {
        parent.addChildren(slot, released.parentKey(), -1, evicting);
      }
    }
  }
}
