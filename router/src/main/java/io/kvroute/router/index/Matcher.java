package io.kvroute.router.index;

import java.util.Arrays;

/**
 * One look-up: for every column, how many leading blocks of a prompt it holds.
 *
 * <p>While no column has holes, the sets of holders along a chain only shrink. So the look-up
 * gallops along the chain with the set of those that still hold, and where some were lost on the
 * way, halves the stretch for these together until each has its boundary: as many steps as there
 * are different boundaries, times a logarithm, and never more than blocks; the number of replicas
 * only widens the sets. Columns with holes are then walked step by step, up to the boundary found.
 *
 * <p>Not thread-safe; one for each thread is kept and allocates nothing once it has grown.
 */
final class Matcher {

  /** Frame 0 and 1 are the gallop's; each halving inside another takes one more. */
  private static final int FRAMES = Integer.SIZE + 3;

  private long[] sets = {};
  private int words;
  private long[] keys = {};
  private Segment[] segments = {};

  void match(Segment[] segments, Columns columns, BlockKeys prompt, int[] matched) {
    Columns.View view = columns.view();
    Arrays.fill(matched, 0);
    this.segments = segments;
    keys = prompt.raw();
    words = view.active().length;
    if (sets.length < words * FRAMES) {
      sets = new long[words * FRAMES];
    }
    System.arraycopy(view.active(), 0, sets, 0, words);
    gallop(prompt.matchable(), view, matched);
    if (findHoley(columns, view, matched)) {
      walk(view, matched);
    }
  }

  private void gallop(int blocks, Columns.View view, int[] matched) {
    int last = -1;
    for (int step = 1; last < blocks - 1; step *= 2) {
      int next = Math.min(last + step, blocks - 1);
      intersect(next, 0, 1);
      if (subtract(0, 1, 2)) {
        halve(last, next, 2, view, matched);
      }
      System.arraycopy(sets, words, sets, 0, words);
      if (isEmpty(0)) {
        return;
      }
      last = next;
    }
    record(0, blocks, view, matched);
  }

  /**
   * Finds the boundaries of a frame's columns, which all hold block {@code low}, not {@code high}.
   */
  private void halve(int low, int high, int frame, Columns.View view, int[] matched) {
    int from = low;
    int to = high;
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      intersect(middle, frame, frame + 1);
      if (isEmpty(frame + 1)) {
        to = middle;
      } else if (subtract(frame, frame + 1, frame)) {
        halve(middle, to, frame + 1, view, matched);
        to = middle;
      } else {
        System.arraycopy(sets, (frame + 1) * words, sets, frame * words, words);
        from = middle;
      }
    }
    record(frame, from + 1, view, matched);
  }

  /** Puts into frame 0 the columns that have holes and for which it can matter. */
  private boolean findHoley(Columns columns, Columns.View view, int[] matched) {
    boolean any = false;
    for (int i = 0; i < words; i++) {
      long holey = columns.holey(i) & view.active()[i];
      for (long left = holey; left != 0; left &= left - 1) {
        int slot = view.slot((i << 6) + Long.numberOfTrailingZeros(left));
        if (slot >= matched.length || matched[slot] < 2) {
          holey &= ~Long.lowestOneBit(left);
        }
      }
      sets[i] = holey;
      any |= holey != 0;
    }
    return any;
  }

  private void walk(Columns.View view, int[] matched) {
    for (int i = 0; i < keys.length && !isEmpty(0); i++) {
      intersect(i, 0, 1);
      if (subtract(0, 1, 2)) {
        recordIfLess(2, i, view, matched);
      }
      System.arraycopy(sets, words, sets, 0, words);
    }
  }

  private void intersect(int block, int from, int to) {
    long key = keys[block];
    segments[(int) (key >>> -Segment.BITS)].intersect(key, sets, from * words, to * words, words);
  }

  /** Leaves in {@code to} what is in {@code from} and not in {@code less}; tells if anything is. */
  private boolean subtract(int from, int less, int to) {
    long any = 0;
    for (int i = 0; i < words; i++) {
      long left = sets[from * words + i] & ~sets[less * words + i];
      sets[to * words + i] = left;
      any |= left;
    }
    return any != 0;
  }

  private boolean isEmpty(int frame) {
    for (int i = frame * words; i < (frame + 1) * words; i++) {
      if (sets[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void record(int frame, int blocks, Columns.View view, int[] matched) {
    for (int i = 0; blocks > 0 && i < words; i++) {
      for (long left = sets[frame * words + i]; left != 0; left &= left - 1) {
        int slot = view.slot((i << 6) + Long.numberOfTrailingZeros(left));
        if (slot < matched.length) {
          matched[slot] = blocks;
        }
      }
    }
  }

  private void recordIfLess(int frame, int blocks, Columns.View view, int[] matched) {
    for (int i = 0; i < words; i++) {
      for (long left = sets[frame * words + i]; left != 0; left &= left - 1) {
        int slot = view.slot((i << 6) + Long.numberOfTrailingZeros(left));
        matched[slot] = Math.min(matched[slot], blocks);
      }
    }
  }
}
