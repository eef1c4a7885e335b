package io.kvroute.router.index;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The slots in use. Readers take one immutable {@link View}. A retired slot leaves the view at
 * once; its id stays in the tree until {@link Sweeper} has removed it from all nodes. Thread-safe.
 */
final class SlotTable {

  /** The active slots at one moment. */
  static final class View {
    private final @Nullable Slot[] slots;
    private final int[] resultIndexes;
    private final long[] active;

    private View(@Nullable Slot[] slots) {
      this.slots = slots;
      this.resultIndexes = new int[slots.length];
      this.active = new long[(slots.length + 63) >>> 6];
      for (int i = 0; i < slots.length; i++) {
        Slot slot = slots[i];
        if (slot != null) {
          resultIndexes[i] = slot.resultIndex;
          active[i >>> 6] |= 1L << i;
        }
      }
    }

    @Nullable Slot get(int id) {
      return id < slots.length ? slots[id] : null;
    }

    /** Where an active slot's result is written. */
    int resultIndex(int id) {
      return resultIndexes[id];
    }

    /** The words of the set of active slot ids; not to be changed. */
    long[] active() {
      return active;
    }
  }

  /** What readers see before the first slot is opened. */
  static final View NONE = new View(new Slot[0]);

  private static final int MAX_IDS = 1 << Entries.SLOT_ID_BITS;

  private final AtomicLongArray slotsWithHoles = new AtomicLongArray(MAX_IDS >>> 6);
  private final BitSet taken = new BitSet();
  private final BitSet retired = new BitSet();
  private volatile View view = NONE;
  private volatile boolean anyRetired;

  View view() {
    return view;
  }

  /** Word i of the set of slot ids that may hold a block without holding its parent. */
  long slotsWithHoles(int i) {
    return slotsWithHoles.get(i);
  }

  /** Whether writes to the slot still count. */
  boolean isActive(Slot slot) {
    return view.get(slot.id) == slot;
  }

  /**
   * Retires a slot and opens an empty one with the same result index, in one step.
   *
   * @param old the slot to retire, null for none
   * @return the new slot, or null if all ids are taken; nothing was changed then
   */
  synchronized @Nullable Slot replace(@Nullable Slot old, int resultIndex) {
    int id = taken.nextClearBit(0);
    if (id >= MAX_IDS) {
      return null;
    }
    taken.set(id);
    @Nullable Slot[] slots = Arrays.copyOf(view.slots, Math.max(view.slots.length, id + 1));
    Slot opened = new Slot(id, resultIndex, slotsWithHoles);
    slots[id] = opened;
    publish(slots, old);
    return opened;
  }

  synchronized void retire(Slot old) {
    publish(Arrays.copyOf(view.slots, view.slots.length), old);
  }

  private void publish(@Nullable Slot[] slots, @Nullable Slot old) {
    if (old != null && isActive(old)) {
      slots[old.id] = null;
      retired.set(old.id);
      anyRetired = true;
    }
    view = new View(slots);
    if (old != null) {
      old.retire();
    }
  }

  boolean anyRetired() {
    return anyRetired;
  }

  /** A copy of the set of retired ids that nodes may still refer to. */
  synchronized BitSet retired() {
    return (BitSet) retired.clone();
  }

  /** Makes ids available again; no node may refer to them. */
  synchronized void recycle(BitSet ids) {
    retired.andNot(ids);
    taken.andNot(ids);
    anyRetired = !retired.isEmpty();
  }
}
