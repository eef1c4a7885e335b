package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.Arrays;

/**
 * One look-up: for every column, how many leading blocks of a prompt it holds.
 *
 * <p>While no column has holes, the sets of holders along a chain only shrink. So the look-up
 * gallops along the chain with the set of those that still hold, and where some were lost on the
 * way, halves the stretch for these together until each has its boundary: as many steps as there
 * are different boundaries, times a logarithm, and never more than blocks; the number of replicas
 * only widens the sets. SlotTable with holes are then walked step by step, up to the boundary
 * found.
 *
 * <p>Not thread-safe; one for each thread is kept and allocates nothing once it has grown.
 */
final class Matcher {

  /** Frames 0 and 1 are the gallop's; each halving inside another takes one more. */
  private static final int FRAMES = Integer.SIZE + 3;

  private long[] sets = {};
  private int words;
  private long[] keys = {};
  private Segment[] segments = {};
  private SlotTable.View view = SlotTable.NONE;
  private int[] matched = {};

  void match(Segment[] segments, SlotTable columns, BlockKeys prompt, int[] matched) {
    this.segments = segments;
    this.matched = matched;
    keys = prompt.raw();
    view = columns.view();
    words = view.active().length;
    Arrays.fill(matched, 0);
    if (sets.length < words * FRAMES) {
      sets = new long[words * FRAMES];
    }
    System.arraycopy(view.active(), 0, sets, 0, words);
    gallop(prompt.matchable());
    if (findHoley(columns)) {
      walk();
    }
  }

  private void gallop(int blocks) {
    int last = -1;
    boolean any = words > 0;
    for (int step = 1; any && last < blocks - 1; step *= 2) {
      int next = Math.min(last + step, blocks - 1);
      int split = split(next, 0, 1);
      if ((split & Segment.LOST) != 0) {
        subtract(0, 1, 2);
        halve(last, next, 2);
        System.arraycopy(sets, words, sets, 0, words);
      }
      any = (split & Segment.KEPT) != 0;
      last = next;
    }
    if (any) {
      record(0, blocks);
    }
  }

  /**
   * Finds the boundaries of a frame's columns, which hold block {@code low} and not {@code high}.
   */
  private void halve(int low, int high, int frame) {
    int from = low;
    int to = high;
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      int split = split(middle, frame, frame + 1);
      if (split == Segment.KEPT) {
        from = middle;
      } else {
        if (split != Segment.LOST) {
          subtract(frame, frame + 1, frame);
          halve(middle, to, frame + 1);
        }
        to = middle;
      }
    }
    record(frame, from + 1);
  }

  /** Puts into frame 0 the columns that have holes and for which it can matter. */
  private boolean findHoley(SlotTable columns) {
    boolean any = false;
    for (int i = 0; i < words; i++) {
      long holey = columns.holey(i) & view.active()[i];
      for (long left = holey; left != 0; left &= left - 1) {
        int slot = slot(i, left);
        if (slot >= matched.length || matched[slot] < 2) {
          holey &= ~Long.lowestOneBit(left);
        }
      }
      sets[i] = holey;
      any |= holey != 0;
    }
    return any;
  }

  private void walk() {
    boolean any = true;
    for (int i = 0; i < keys.length && any; i++) {
      int split = split(i, 0, 1);
      if ((split & Segment.LOST) != 0) {
        subtract(0, 1, 2);
        lower(2, i);
        System.arraycopy(sets, words, sets, 0, words);
      }
      any = (split & Segment.KEPT) != 0;
    }
  }

  /** Leaves in {@code to} those of {@code from} that hold a block; tells if some do, or do not. */
  private int split(int block, int from, int to) {
    long key = keys[block];
    return segments[(int) (key >>> -Segment.BITS)].split(
        key, sets, from * words, to * words, words);
  }

  /** Leaves in {@code to} what is in {@code from} and not in {@code less}. */
  private void subtract(int from, int less, int to) {
    for (int i = 0; i < words; i++) {
      sets[to * words + i] = sets[from * words + i] & ~sets[less * words + i];
    }
  }

  private void record(int frame, int blocks) {
    for (int i = 0; blocks > 0 && i < words; i++) {
      for (long left = sets[frame * words + i]; left != 0; left &= left - 1) {
        int slot = slot(i, left);
        if (slot < matched.length) {
          matched[slot] = blocks;
        }
      }
    }
  }

  private void lower(int frame, int blocks) {
    for (int i = 0; i < words; i++) {
      for (long left = sets[frame * words + i]; left != 0; left &= left - 1) {
        int slot = slot(i, left);
        matched[slot] = Math.min(matched[slot], blocks);
      }
    }
  }

  private int slot(int word, long set) {
    return view.slot((word << 6) + Long.numberOfTrailingZeros(set));
  }
}
