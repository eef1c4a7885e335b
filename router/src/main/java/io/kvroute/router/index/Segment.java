package io.kvroute.router.index;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The part of the tree whose keys begin with the same bits. Each change locks it for one node;
 * readers take no lock, and check a node's key again after reading the rest.
 *
 * <p>A block and its parent mostly lie in different segments and are updated one after the other,
 * never under two locks. That is sound because every update of a parent's count of children is a
 * plain addition, made once for each time that a block comes to be held or ceases to be, in
 * whatever order they arrive.
 */
final class Segment {

  /** Bits of a key that choose its segment. */
  static final int BITS = 6;

  /** Some columns of a set hold a block. */
  static final int KEPT = 1;

  /** Some columns of a set do not hold a block. */
  static final int LOST = 2;

  /** Stands for the parent of a chain's first block. */
  static final long NO_PARENT = 0;

  /** What a place in the table takes, about. */
  private static final int PLACE_BYTES = 7;

  private static final int RETRIES = 16;

  /** A block that ceased to be held: its parent has a child less. */
  record Released(long parentKey, List<Slot> columns) {}

  private final SlotTable columns;
  private final AtomicLong totalBytes;
  private final NodeStore nodes = new NodeStore();
  private final HolderSets sets = new HolderSets(nodes);
  private final KeyTable table = new KeyTable(nodes);
  private final ChildCounts counts = new ChildCounts();
  private final LeafList leaves = new LeafList(nodes);
  private long bytes;

  Segment(SlotTable columns, AtomicLong totalBytes) {
    this.columns = columns;
    this.totalBytes = totalBytes;
  }

  /**
   * Of the columns in {@code words[from..]}, writes those that hold a block to {@code words[to..]}.
   *
   * @return {@link #KEPT} if some do, {@link #LOST} if some do not, or both
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

  /** The claims of a column on a block. Any thread. */
  int claims(long key, int column) {
    int node = locate(key);
    for (int i = 0; node != NodeStore.NONE && i < RETRIES; i++) {
      int state = sets.state(node, column);
      VarHandle.loadLoadFence();
      if (nodes.is(node, key)) {
        return state & Entries.CLAIMS;
      }
      node = locate(key);
    }
    return 0;
  }

  /** A key's node, any thread; waits for the lock only if a writer was stopped half-way. */
  private int locate(long key) {
    int node = table.find(key);
    if (node == KeyTable.UNSURE) {
      synchronized (this) {
        return table.find(key);
      }
    }
    return node;
  }

  synchronized int blocks() {
    return table.size();
  }

  /**
   * Adds a claim.
   *
   * @return the column if the block came to be held by it: its parent has a child more
   */
  synchronized @Nullable Slot claim(Holder holder, long key, long parentKey, Claim claim) {
    Slot column = active(holder);
    int node = table.find(key);
    boolean fresh = node == NodeStore.NONE;
    if (column == null || (fresh && table.size() == KeyTable.MAX_NODES)) {
      return null;
    }
    if (fresh) {
      node = nodes.create(key, parentKey);
      leaves.init(node);
    }
    nodes.use(node);
    int state = sets.state(node, column.number);
    boolean newly = state == 0;
    if (newly) {
      int children = counts.get(column.number, key);
      column.addHoles(-children);
      column.blocks.incrementAndGet();
      state = childBits(column.number, key, children);
    }
    sets.put(node, column.number, state | claim.bit(), columns.view().active().length);
    if (fresh) {
      table.add(key, node);
      if ((state & Entries.CHILDREN) == 0) {
        leaves.addNewest(node);
      }
    } else if (leaves.contains(node)) {
      leaves.remove(node);
      if ((state & Entries.CHILDREN) == 0) {
        leaves.addNewest(node);
      }
    }
    account();
    return newly ? column : null;
  }

  /** Adds a claim to a block that is held already. */
  synchronized void claimAgain(Holder holder, long key, Claim claim) {
    Slot column = active(holder);
    int node = table.find(key);
    if (column != null && node != NodeStore.NONE) {
      int state = sets.state(node, column.number);
      if (state != 0) {
        put(node, column.number, state | claim.bit());
      }
    }
  }

  /** Takes claims back. Returns what follows if no other is left of the column on the block. */
  synchronized @Nullable Released unclaim(Holder holder, long key, int claims) {
    Slot column = active(holder);
    int node = table.find(key);
    if (column == null || node == NodeStore.NONE) {
      return null;
    }
    int state = sets.state(node, column.number);
    int left = state & ~claims;
    if ((left & Entries.CLAIMS) != 0) {
      put(node, column.number, left);
      return null;
    }
    if (state == 0) {
      return null;
    }
    int children = children(state, column.number, key);
    counts.put(column.number, key, children);
    column.addHoles(children);
    column.blocks.decrementAndGet();
    long parentKey = nodes.parent(node);
    put(node, column.number, 0);
    afterLoss(node, false);
    account();
    return new Released(parentKey, List.of(column));
  }

  /** A column holds so many more blocks right behind this one. */
  synchronized void link(Slot column, long key, int delta, boolean evicting) {
    if (!columns.isActive(column)) {
      return;
    }
    int node = table.find(key);
    int state = node == NodeStore.NONE ? 0 : sets.state(node, column.number);
    int children = children(state, column.number, key) + delta;
    if (state == 0) {
      column.addHoles(delta);
      counts.put(column.number, key, children);
    } else {
      int claims = state & Entries.CLAIMS;
      put(node, column.number, claims | childBits(column.number, key, children));
      if (children != 0) {
        leaves.remove(node);
      } else {
        afterLoss(node, evicting);
      }
    }
    account();
  }

  /** Forgets the least recently used leaf, for all its holders; null if there is no leaf. */
  synchronized @Nullable Released evict() {
    int node = leaves.oldest();
    if (node == NodeStore.NONE) {
      return null;
    }
    int[] numbers = sets.columns(node);
    List<Slot> holders = new ArrayList<>(numbers.length);
    for (int number : numbers) {
      put(node, number, 0);
      Slot column = columns.view().get(number);
      if (column != null) {
        column.blocks.decrementAndGet();
        holders.add(column);
      }
    }
    long parentKey = nodes.parent(node);
    afterLoss(node, true);
    account();
    return new Released(parentKey, holders);
  }

  /**
   * Takes retired columns off the nodes from one number on.
   *
   * @return the number to go on with, or {@link NodeStore#NONE} at the end
   */
  synchronized int sweep(BitSet gone, int from, int budget) {
    if (from == 0) {
      counts.forget(gone);
    }
    int to = Math.min(nodes.end(), from + budget);
    for (int node = from; node < to; node++) {
      boolean lost = false;
      for (int number : sets.columns(node)) {
        if (gone.get(number)) {
          put(node, number, 0);
          lost = true;
        }
      }
      if (lost) {
        afterLoss(node, false);
      }
    }
    account();
    return to == nodes.end() ? NodeStore.NONE : to;
  }

  /** Shows the nodes that a column holds no children of. */
  synchronized void tails(Slot column, Chains chains) {
    for (int node = 0; node < nodes.end(); node++) {
      int state = sets.state(node, column.number);
      if (state != 0 && (state & Entries.CHILDREN) == 0) {
        chains.addTail(nodes.key(node), sets.columns(node).length, nodes.uses(node));
      }
    }
  }

  /** The key of a block's parent if the column holds the block, else the block's own key. */
  synchronized long parentIfHeld(Slot column, long key) {
    int node = table.find(key);
    boolean held = node != NodeStore.NONE && sets.state(node, column.number) != 0;
    return held ? nodes.parent(node) : key;
  }

  /** The holder's column; none if it was retired: what is written now would not be swept. */
  private @Nullable Slot active(Holder holder) {
    Slot column = holder.column();
    return column != null && columns.isActive(column) ? column : null;
  }

  private void put(int node, int column, int state) {
    sets.put(node, column, state, columns.view().active().length);
  }

  /** Frees a node that nobody holds, or lists it if it became a leaf. */
  private void afterLoss(int node, boolean evicting) {
    if (sets.isEmpty(node)) {
      leaves.remove(node);
      table.remove(nodes.key(node), node);
      nodes.free(node);
    } else if (!leaves.contains(node) && !sets.anyChildren(node)) {
      if (evicting) {
        leaves.addOldest(node);
      } else {
        leaves.addNewest(node);
      }
    }
  }

  private int children(int state, int column, long key) {
    int bits = state & Entries.CHILDREN;
    return state == 0 || bits == Entries.MANY
        ? counts.get(column, key)
        : bits >>> Entries.CHILD_SHIFT;
  }

  /** The bits that stand for a held block's count of children; keeps the count if they cannot. */
  private int childBits(int column, long key, int children) {
    boolean fits = children == 0 || children == 1;
    counts.put(column, key, fits ? 0 : children);
    return fits ? children << Entries.CHILD_SHIFT : Entries.MANY;
  }

  private void account() {
    long now =
        (long) table.size() * (NodeStore.NODE_BYTES + PLACE_BYTES)
            + sets.arrayBytes()
            + counts.bytes();
    if (now != bytes) {
      totalBytes.addAndGet(now - bytes);
      bytes = now;
    }
  }
}
