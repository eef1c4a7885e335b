package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.Arrays;

/**
 * One look-up: for every slot, how many leading blocks of a prompt it holds.
 *
 * <p>A hole is a held block whose parent block is not held. A slot without holes that holds a block
 * also holds all blocks before it, so any block can be probed without the ones before it. The
 * look-up gallops: it probes blocks 0, 2, 6, 14, ... with the set of slots that hold the prompt up
 * to the last probe. If a probe loses slots, their matched lengths end between this probe and the
 * one before. Bisection then finds the end for all lost slots together; where a probe of the
 * bisection divides them, each part is bisected on its own. Slots with holes are afterwards checked
 * block by block up to the end found, which can only shorten it.
 *
 * <p>Cost: O(d log(n / d)) probes for d different matched lengths among n blocks, never more than
 * n. Each probe is one {@link SegmentReader#split} of a set of slots, which has one bit for each
 * slot. All sets lie in one array, divided into equal parts (frames) of one set each: frames 0 and
 * 1 belong to the gallop, each level of the bisection uses one more.
 *
 * <p>Example: slot 0 holds 10 blocks, slot 2 holds 4, the prompt has 10. Probes 0 and 2 keep {0,
 * 2}; probe 6 keeps {0} and loses {2}. Bisecting 2..6 for {2}: block 4 is not held, block 3 is
 * held, so slot 2 has 4 blocks. The gallop goes on with {0} to block 9: slot 0 has 10 blocks.
 *
 * <p>Not thread-safe. One instance is kept for each thread and allocates nothing once it has grown.
 */
final class Matcher {

  /** Two frames for the gallop and one for each level of bisection. */
  private static final int FRAMES = Integer.SIZE + 3;

  private long[] sets = {};
  private int words;
  private long[] keys = {};
  private SegmentReader[] segments = {};
  private SlotTable.View view = SlotTable.NONE;
  private int[] matched = {};

  /**
   * Looks up a prompt.
   *
   * @param segments indexed by the upper bits of a key
   * @param matched written whole: entry i for the slot with result index i
   */
  void match(SegmentReader[] segments, SlotTable slots, BlockKeys prompt, int[] matched) {
    this.segments = segments;
    this.matched = matched;
    keys = prompt.raw();
    view = slots.view();
    words = view.active().length;
    Arrays.fill(matched, 0);
    if (sets.length < words * FRAMES) {
      sets = new long[words * FRAMES];
    }
    System.arraycopy(view.active(), 0, sets, 0, words);
    gallop(prompt.matchable());
    if (selectSlotsWithHoles(slots)) {
      walk();
    }
  }

  private void gallop(int blocks) {
    int last = -1;
    boolean any = words > 0;
    for (int step = 1; any && last < blocks - 1; step *= 2) {
      int next = Math.min(last + step, blocks - 1);
      int split = split(next, 0, 1);
      if ((split & SegmentReader.LOST) != 0) {
        subtract(0, 1, 2);
        bisect(last, next, 2);
        System.arraycopy(sets, words, sets, 0, words);
      }
      any = (split & SegmentReader.KEPT) != 0;
      last = next;
    }
    if (any) {
      record(0, blocks);
    }
  }

  /**
   * Finds the boundaries of a frame's slots, all of which hold block {@code low} and not {@code
   * high}.
   */
  private void bisect(int low, int high, int frame) {
    int from = low;
    int to = high;
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      int split = split(middle, frame, frame + 1);
      if (split == SegmentReader.KEPT) {
        from = middle;
      } else {
        if (split != SegmentReader.LOST) {
          subtract(frame, frame + 1, frame);
          bisect(middle, to, frame + 1);
        }
        to = middle;
      }
    }
    record(frame, from + 1);
  }

  /**
   * Puts into frame 0 the slots with holes that matched at least two blocks: a first block has no
   * block before it that could be missing.
   *
   * @return whether there are any
   */
  private boolean selectSlotsWithHoles(SlotTable slots) {
    boolean any = false;
    for (int i = 0; i < words; i++) {
      long withHoles = slots.slotsWithHoles(i) & view.active()[i];
      for (long left = withHoles; left != 0; left &= left - 1) {
        int result = resultIndex(i, left);
        if (result >= matched.length || matched[result] < 2) {
          withHoles &= ~Long.lowestOneBit(left);
        }
      }
      sets[i] = withHoles;
      any |= withHoles != 0;
    }
    return any;
  }

  /** Walks the prompt block by block with the slots of frame 0 and lowers their results. */
  private void walk() {
    boolean any = true;
    for (int i = 0; i < keys.length && any; i++) {
      int split = split(i, 0, 1);
      if ((split & SegmentReader.LOST) != 0) {
        subtract(0, 1, 2);
        lower(2, i);
        System.arraycopy(sets, words, sets, 0, words);
      }
      any = (split & SegmentReader.KEPT) != 0;
    }
  }

  /**
   * Writes to frame {@code to} the slots of frame {@code from} that hold a block.
   *
   * @return {@link SegmentReader#KEPT}, {@link SegmentReader#LOST}, or both
   */
  private int split(int block, int from, int to) {
    long key = keys[block];
    return segments[(int) (key >>> -Segment.BITS)].split(
        key, sets, from * words, to * words, words);
  }

  /** Writes to frame {@code to} what is in {@code from} and not in {@code less}. */
  private void subtract(int from, int less, int to) {
    for (int i = 0; i < words; i++) {
      sets[to * words + i] = sets[from * words + i] & ~sets[less * words + i];
    }
  }

  /** Sets the result of a frame's slots. */
  private void record(int frame, int blocks) {
    for (int i = 0; blocks > 0 && i < words; i++) {
      for (long left = sets[frame * words + i]; left != 0; left &= left - 1) {
        int result = resultIndex(i, left);
        if (result < matched.length) {
          matched[result] = blocks;
        }
      }
    }
  }

  /** Lowers the result of a frame's slots to at most so many blocks. */
  private void lower(int frame, int blocks) {
    for (int i = 0; i < words; i++) {
      for (long left = sets[frame * words + i]; left != 0; left &= left - 1) {
        int result = resultIndex(i, left);
        matched[result] = Math.min(matched[result], blocks);
      }
    }
  }

  /** Where the result of a set's lowest slot is written. */
  private int resultIndex(int word, long set) {
    return view.resultIndex((word << 6) + Long.numberOfTrailingZeros(set));
  }
}
