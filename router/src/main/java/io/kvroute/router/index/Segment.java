package io.kvroute.router.index;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The part of the tree whose keys begin with the same {@link #BITS} bits. Every change takes the
 * segment's lock for one node; {@link #reader} looks up without the lock.
 *
 * <p>The parts identify a node by the same number: {@link NodeStore} (a node's words), {@link
 * KeyTable} (key to node), {@link HolderSets} (which slots hold a node), {@link ChildCounts} (how
 * many child blocks a slot holds behind a node), {@link LeafList} (eviction order). Each change
 * costs O(1), besides the size of a node's own holder list.
 *
 * <p>A block and its parent usually lie in different segments. They are updated one after the
 * other, never under two locks. This is correct because the order of these updates does not matter:
 * whenever a slot begins or ceases to hold a block, exactly one update adds 1 to or subtracts 1
 * from its child count at the parent.
 *
 * <p>Example: slot 2 stores chain A, B. {@code store(A)} creates node A and returns slot 2, and A
 * has no parent. {@code store(B)} creates node B in its own segment and returns slot 2; {@link
 * BlockIndex} then calls {@code addChildren(slot 2, A, 1)} on A's segment: A is no leaf any more.
 * {@code remove(B)} frees node B and returns A with slot 2; {@code addChildren(slot 2, A, -1)}
 * makes A a leaf again.
 */
final class Segment {

  /** Bits of a key that choose its segment. */
  static final int BITS = 6;

  /** Stands for the parent of a chain's first block. */
  static final long NO_PARENT = 0;

  /** Approximate memory of a node's entry in the key table. */
  private static final int TABLE_ENTRY_BYTES = 7;

  /** A block that some slots no longer hold: for each of them its parent has one child less. */
  record Released(long parentKey, List<Slot> slots) {}

  private final SlotTable slots;
  private final AtomicLong totalBytes;
  private final NodeStore nodes = new NodeStore();
  private final HolderSets sets = new HolderSets(nodes);
  private final KeyTable table = new KeyTable(nodes);
  private final ChildCounts counts = new ChildCounts();
  private final LeafList leaves = new LeafList(nodes);
  private final SegmentReader reader = new SegmentReader(this, nodes, sets, table);
  private long bytes;

  /**
   * An empty segment.
   *
   * @param totalBytes kept up to date with the memory of all segments
   */
  Segment(SlotTable slots, AtomicLong totalBytes) {
    this.slots = slots;
    this.totalBytes = totalBytes;
  }

  SegmentReader reader() {
    return reader;
  }

  synchronized int blocks() {
    return table.size();
  }

  /**
   * Adds a presence mark to a block, which is created if it is new.
   *
   * @return the slot if it did not hold the block before: the parent has one more child then
   */
  synchronized @Nullable Slot store(
      IndexWriter writer, long key, long parentKey, Presence presence) {
    Slot slot = active(writer);
    int node = table.find(key);
    boolean fresh = node == NodeStore.NONE;
    if (slot == null || (fresh && table.size() == KeyTable.MAX_NODES)) {
      return null;
    }
    if (fresh) {
      node = nodes.create(key, parentKey);
      leaves.init(node);
    }
    nodes.use(node);
    int state = sets.state(node, slot.id);
    boolean newlyHeld = state == 0;
    if (newlyHeld) {
      int children = counts.get(slot.id, key);
      slot.addHoles(-children);
      slot.blocks.incrementAndGet();
      state = counts.toBits(slot.id, key, children);
    }
    put(node, slot.id, state | presence.bit());
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
    return newlyHeld ? slot : null;
  }

  /** Adds a presence mark to a block that the slot holds already. */
  synchronized void mark(IndexWriter writer, long key, Presence presence) {
    Slot slot = active(writer);
    int node = table.find(key);
    if (slot != null && node != NodeStore.NONE) {
      int state = sets.state(node, slot.id);
      if (state != 0) {
        put(node, slot.id, state | presence.bit());
      }
    }
  }

  /**
   * Removes presence marks from a block.
   *
   * @return the block's parent if no mark is left and the slot no longer holds the block, else null
   */
  synchronized @Nullable Released remove(IndexWriter writer, long key, int presenceBits) {
    Slot slot = active(writer);
    int node = table.find(key);
    if (slot == null || node == NodeStore.NONE) {
      return null;
    }
    int state = sets.state(node, slot.id);
    int left = state & ~presenceBits;
    if ((left & Entries.PRESENCE) != 0) {
      put(node, slot.id, left);
      return null;
    }
    if (state == 0) {
      return null;
    }
    int children = counts.ofBlock(state, slot.id, key);
    counts.put(slot.id, key, children);
    slot.addHoles(children);
    slot.blocks.decrementAndGet();
    long parentKey = nodes.parent(node);
    put(node, slot.id, 0);
    afterLoss(node, false);
    account();
    return new Released(parentKey, List.of(slot));
  }

  /**
   * Changes how many blocks a slot holds right behind a block.
   *
   * @param evicting whether a leaf that this makes is the next to be evicted
   */
  synchronized void addChildren(Slot slot, long key, int delta, boolean evicting) {
    if (!slots.isActive(slot)) {
      return;
    }
    int node = table.find(key);
    int state = node == NodeStore.NONE ? 0 : sets.state(node, slot.id);
    int children = counts.ofBlock(state, slot.id, key) + delta;
    if (state == 0) {
      slot.addHoles(delta);
      counts.put(slot.id, key, children);
    } else {
      int presence = state & Entries.PRESENCE;
      put(node, slot.id, presence | counts.toBits(slot.id, key, children));
      if (children != 0) {
        leaves.remove(node);
      } else {
        afterLoss(node, evicting);
      }
    }
    account();
  }

  /** Removes the least recently used leaf from all its holders; null if there is no leaf. */
  synchronized @Nullable Released evict() {
    int node = leaves.oldest();
    if (node == NodeStore.NONE) {
      return null;
    }
    int[] slotIds = sets.slotIds(node);
    List<Slot> holders = new ArrayList<>(slotIds.length);
    for (int slotId : slotIds) {
      put(node, slotId, 0);
      Slot slot = slots.view().get(slotId);
      if (slot != null) {
        slot.blocks.decrementAndGet();
        holders.add(slot);
      }
    }
    long parentKey = nodes.parent(node);
    afterLoss(node, true);
    account();
    return new Released(parentKey, holders);
  }

  /**
   * Removes retired slots from nodes.
   *
   * @param from the first node number to look at
   * @param budget how many nodes to look at, at most
   * @return the node number to continue from, or {@link NodeStore#NONE} at the end
   */
  synchronized int sweep(BitSet retired, int from, int budget) {
    if (from == 0) {
      counts.forget(retired);
    }
    int to = Math.min(nodes.end(), from + budget);
    for (int node = from; node < to; node++) {
      boolean lost = false;
      for (int slotId : sets.slotIds(node)) {
        if (retired.get(slotId)) {
          put(node, slotId, 0);
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

  /** Adds the blocks that a slot holds without holding a child of them. */
  synchronized void addTails(Slot slot, PrefixRanking ranking) {
    for (int node = 0; node < nodes.end(); node++) {
      int state = sets.state(node, slot.id);
      if (state != 0 && (state & Entries.CHILDREN) == 0) {
        ranking.addTail(nodes.key(node), sets.slotIds(node).length, nodes.uses(node));
      }
    }
  }

  /** The key of a block's parent if the slot holds the block, else the block's own key. */
  synchronized long parentIfHeld(Slot slot, long key) {
    int node = table.find(key);
    boolean held = node != NodeStore.NONE && sets.state(node, slot.id) != 0;
    return held ? nodes.parent(node) : key;
  }

  /** The writer's slot; null once it is retired, as the sweeper may already have passed. */
  private @Nullable Slot active(IndexWriter writer) {
    Slot slot = writer.slot();
    return slot != null && slots.isActive(slot) ? slot : null;
  }

  private void put(int node, int slotId, int state) {
    sets.put(node, slotId, state, slots.view().active().length);
  }

  /** Frees a node without holders, or lists it as a leaf if it became one. */
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

  private void account() {
    long now =
        (long) table.size() * (NodeStore.NODE_BYTES + TABLE_ENTRY_BYTES)
            + sets.arrayBytes()
            + counts.bytes();
    if (now != bytes) {
      totalBytes.addAndGet(now - bytes);
      bytes = now;
    }
  }
}
