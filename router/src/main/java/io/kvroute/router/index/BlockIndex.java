package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which replica holds which blocks, for one model and block size: a radix tree with one block an
 * edge, which answers for every replica as if that one had a tree of its own.
 *
 * <p>Nodes are named by the chained key of their prefix, so that equal prefixes are one node and
 * any node is found in one step; they lie in segments by key, in flat arrays. A node has the set of
 * its holders. There is no path compression: nothing needs splitting, and forgetting a block
 * touches its node and its parent's. A node takes about 36 bytes, a holder of it from nothing (the
 * first three) to 21, less the more there are.
 *
 * <p>Thread-safe. Look-ups take no lock and see each node as it is or was a moment ago; writers
 * lock one segment for one node at a time.
 */
public final class BlockIndex {

  /** Slots are smaller than this. */
  public static final int MAX_SLOTS = 8192;

  private static final int SWEEP_NODES_PER_BLOCK = 4;

  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final SlotTable columns = new SlotTable();
  private final Segment[] segments = new Segment[1 << Segment.BITS];
  private final Sweeper sweeper = new Sweeper(segments, columns);
  private final AtomicInteger evictionHand = new AtomicInteger();
  private final ThreadLocal<Matcher> matchers = ThreadLocal.withInitial(Matcher::new);
  private @Nullable Holder[] holders = new @Nullable Holder[0];

  /**
   * An empty index.
   *
   * @param maxBytes memory that nodes and holders may take; beyond it the least recently used
   *     chains are forgotten, from their ends
   */
  public BlockIndex(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 0)");
    }
    this.maxBytes = maxBytes;
    Arrays.setAll(segments, i -> new Segment(columns, bytes));
  }

  /**
   * Starts a replica's view, empty.
   *
   * @param slot the replica's slot; a view that was open there is closed
   */
  public synchronized Holder open(int slot) {
    if (slot < 0 || slot >= MAX_SLOTS) {
      throw new IllegalArgumentException(
          "slot: " + slot + " (expected: 0.." + (MAX_SLOTS - 1) + ")");
    }
    if (slot >= holders.length) {
      holders = Arrays.copyOf(holders, slot + 1);
    }
    Holder old = holders[slot];
    if (old != null) {
      old.close();
    }
    Holder made = new Holder(this, slot, newColumn(null, slot));
    holders[slot] = made;
    return made;
  }

  /**
   * For every replica, how many leading blocks of the prompt it holds and could reuse. Allocates
   * nothing and takes no lock; the cost follows the prompt's blocks, at most.
   *
   * @param matchedBlocks written whole: entry i for slot i, 0 where no replica is
   */
  public void match(BlockKeys keys, int[] matchedBlocks) {
    matchers.get().match(segments, columns, keys, matchedBlocks);
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

  /** The replica's chains with the most blocks. For people: the cost follows all it holds. */
  public List<Chain> largest(int slot, int limit) {
    Slot column = column(slot);
    return column == null ? List.of() : chains(column).largest(this, column, limit);
  }

  /** The replica's chains whose last block was used most often. For people. */
  public List<Chain> hottest(int slot, int limit) {
    Slot column = column(slot);
    return column == null ? List.of() : chains(column).hottest(this, column, limit);
  }

  /**
   * Frees memory that cleared and closed views still take, a bounded piece at a time. Writers do
   * some of this with each store, so that nobody needs to call it.
   *
   * @param nodes how many to look at, at most
   * @return whether something is left to do
   */
  public boolean sweep(int nodes) {
    boolean more = sweeper.sweep(nodes);
    trim();
    return more;
  }

  private Chains chains(Slot column) {
    Chains chains = new Chains();
    for (Segment segment : segments) {
      segment.tails(column, chains);
    }
    return chains;
  }

  private synchronized @Nullable Slot column(int slot) {
    Holder holder = slot < holders.length ? holders[slot] : null;
    return holder == null ? null : holder.column();
  }

  Segment segment(long key) {
    return segments[(int) (key >>> -Segment.BITS)];
  }

  void store(Holder holder, BlockKeys keys, int from, int to, Claim claim) {
    long parentKey = from > 0 ? keys.key(from - 1) : keys.isFragment() ? keys.root() : 0;
    for (int i = from; i < to; i++) {
      long key = keys.key(i);
      Slot newly = segment(key).claim(holder, key, parentKey, claim);
      if (newly != null && parentKey != Segment.NO_PARENT) {
        segment(parentKey).link(newly, parentKey, 1, false);
      }
      parentKey = key;
    }
    sweeper.help((to - from) * SWEEP_NODES_PER_BLOCK);
    trim();
  }

  void claim(Holder holder, long key, Claim claim) {
    segment(key).claimAgain(holder, key, claim);
    trim();
  }

  void remove(Holder holder, long key, int claims) {
    unlink(segment(key).unclaim(holder, key, claims), false);
    trim();
  }

  int claims(Slot column, long key) {
    return segment(key).claims(key, column.number);
  }

  /** A fresh column for a slot in place of another. */
  Slot newColumn(@Nullable Slot old, int slot) {
    Slot made = columns.replace(old, slot);
    while (made == null) {
      sweeper.sweep(Integer.MAX_VALUE);
      made = columns.replace(old, slot);
    }
    return made;
  }

  void retire(Slot column) {
    columns.retire(column);
  }

  /** Any write can make the books of holders and holes longer, not only one that adds a block. */
  private void trim() {
    while (bytes.get() > maxBytes && evict()) {}
  }

  /** Forgets one leaf, whichever segment's turn it is; false if there is none. */
  private boolean evict() {
    for (int i = 0; i < segments.length; i++) {
      int turn = evictionHand.getAndIncrement() & (segments.length - 1);
      Segment.Released released = segments[turn].evict();
      if (released != null) {
        unlink(released, true);
        return true;
      }
    }
    return false;
  }

  private void unlink(Segment.@Nullable Released released, boolean evicting) {
    if (released != null && released.parentKey() != Segment.NO_PARENT) {
      Segment parent = segment(released.parentKey());
      for (Slot column : released.columns()) {
        parent.link(column, released.parentKey(), -1, evicting);
      }
    }
  }
}
