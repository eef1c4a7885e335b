package io.kvroute.router.index;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The columns in use. Readers take one immutable {@link View}; a retired column vanishes from it at
 * once, though the tree still bears its number until swept.
 */
final class SlotTable {

  /** What readers see. */
  static final class View {
    private final @Nullable Slot[] columns;
    private final int[] slots;
    private final long[] active;

    private View(@Nullable Slot[] columns) {
      this.columns = columns;
      this.slots = new int[columns.length];
      this.active = new long[(columns.length + 63) >>> 6];
      for (int i = 0; i < columns.length; i++) {
        Slot column = columns[i];
        if (column != null) {
          slots[i] = column.slot;
          active[i >>> 6] |= 1L << i;
        }
      }
    }

    @Nullable Slot get(int number) {
      return number < columns.length ? columns[number] : null;
    }

    /** The slot of an active column. */
    int slot(int number) {
      return slots[number];
    }

    /** The words of the set of active columns; not to be changed. */
    long[] active() {
      return active;
    }
  }

  /** What readers see before the first column is opened. */
  static final View NONE = new View(new Slot[0]);

  private static final int MAX_COLUMNS = 1 << Entries.COLUMN_BITS;

  private final AtomicLongArray holey = new AtomicLongArray(MAX_COLUMNS >>> 6);
  private final BitSet taken = new BitSet();
  private final BitSet retired = new BitSet();
  private volatile View view = NONE;
  private volatile boolean anyRetired;

  View view() {
    return view;
  }

  /** Word i of the set of columns that may hold a block without holding its parent. */
  long holey(int i) {
    return holey.get(i);
  }

  /** Whether the column is still to be written. */
  boolean isActive(Slot column) {
    return view.get(column.number) == column;
  }

  /**
   * Retires a column and gives its slot a new one, in one step.
   *
   * @return the new one, or null, and then nothing was changed, while all numbers are taken
   */
  synchronized @Nullable Slot replace(@Nullable Slot old, int slot) {
    int number = taken.nextClearBit(0);
    if (number >= MAX_COLUMNS) {
      return null;
    }
    taken.set(number);
    @Nullable Slot[] columns =
        Arrays.copyOf(view.columns, Math.max(view.columns.length, number + 1));
    Slot made = new Slot(number, slot, holey);
    columns[number] = made;
    publish(columns, old);
    return made;
  }

  synchronized void retire(Slot old) {
    publish(Arrays.copyOf(view.columns, view.columns.length), old);
  }

  private void publish(@Nullable Slot[] columns, @Nullable Slot old) {
    if (old != null && isActive(old)) {
      columns[old.number] = null;
      retired.set(old.number);
      anyRetired = true;
    }
    view = new View(columns);
    if (old != null) {
      old.retire();
    }
  }

  boolean anyRetired() {
    return anyRetired;
  }

  synchronized BitSet retired() {
    return (BitSet) retired.clone();
  }

  /** Lets numbers be given again: nothing bears them any more. */
  synchronized void recycle(BitSet numbers) {
    retired.andNot(numbers);
    taken.andNot(numbers);
    anyRetired = !retired.isEmpty();
  }
}
