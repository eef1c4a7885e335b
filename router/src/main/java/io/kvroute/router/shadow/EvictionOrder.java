package io.kvroute.router.shadow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Requests in the order in which they lose blocks, and how many blocks each can lose. A Fenwick
 * tree over the positions answers how many blocks all requests before one can lose.
 *
 * <p>Cost: every operation O(log n), amortised over the growth of the arrays. Requests may leave
 * from anywhere; their positions are reused when the array is full. Not thread-safe.
 */
final class EvictionOrder {

  private static final int MIN_POSITIONS = 64;

  private @Nullable Sequence[] members = new @Nullable Sequence[MIN_POSITIONS + 1];

  /** The Fenwick tree; index 0 is not used. */
  private long[] sums = new long[MIN_POSITIONS + 1];

  /** Positions in use lie in {@code [first, end)}. */
  private int first = MIN_POSITIONS / 2;

  private int end = MIN_POSITIONS / 2;
  private int size;
  private long total;

  /** Appends a request that can lose no blocks yet. */
  void addLast(Sequence sequence) {
    if (end == members.length) {
      spread();
    }
    place(sequence, end++);
  }

  /** Puts a request that can lose no blocks yet before all others. */
  void addFirst(Sequence sequence) {
    if (first == 1) {
      spread();
    }
    place(sequence, --first);
  }

  private void place(Sequence sequence, int position) {
    members[position] = sequence;
    sequence.evictionPosition = position;
    sequence.evictionOrder = this;
    sequence.evictableBlocks = 0;
    size++;
  }

  void remove(Sequence sequence) {
    setEvictable(sequence, 0);
    members[sequence.evictionPosition] = null;
    sequence.evictionOrder = null;
    size--;
  }

  /** Sets how many blocks a request can lose. */
  void setEvictable(Sequence sequence, int blocks) {
    int more = blocks - sequence.evictableBlocks;
    if (more != 0) {
      sequence.evictableBlocks = blocks;
      total += more;
      add(sequence.evictionPosition, more);
    }
  }

  private void add(int position, int more) {
    for (int i = position; i < sums.length; i += i & -i) {
      sums[i] += more;
    }
  }

  /** Blocks that all requests before this one can lose. */
  long evictableBefore(Sequence sequence) {
    long sum = 0;
    for (int i = sequence.evictionPosition - 1; i > 0; i -= i & -i) {
      sum += sums[i];
    }
    return sum;
  }

  /** Blocks that all requests can lose. */
  long evictable() {
    return total;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    for (Sequence sequence : members) {
      if (sequence != null) {
        sequence.evictionOrder = null;
      }
    }
    Arrays.fill(members, null);
    Arrays.fill(sums, 0);
    first = members.length / 2;
    end = first;
    size = 0;
    total = 0;
  }

  /** Moves all requests to the middle of arrays that are at least four times as large. */
  private void spread() {
    @Nullable Sequence[] old = members;
    int positions = Math.max(MIN_POSITIONS, Integer.highestOneBit(size + 1) << 3);
    int at = (positions - size) / 2 + 1;
    members = new @Nullable Sequence[positions + 1];
    sums = new long[positions + 1];
    first = at;
    for (Sequence sequence : old) {
      if (sequence != null) {
        members[at] = sequence;
        sequence.evictionPosition = at;
        add(at, sequence.evictableBlocks);
        at++;
      }
    }
    end = at;
  }
}
