package io.kvroute.tokenizer.bpe;

import java.util.Arrays;

/**
 * Merges the bytes of a word into tokens: again and again the pair of lowest rank, the leftmost of
 * equal ones. Short words are searched for it each time; long ones keep their pairs in a heap, so
 * that a word of n bytes takes O(n log n). Used by one thread at a time.
 */
final class Merger {

  private static final int SHORT = 96;
  private static final int MIN_CAPACITY = 32;

  private final Merges merges;
  private final int[] byteIds;
  private int[] ids = {};
  private int[] ranks = {};

  /**
   * @param byteIds the id of each byte's token
   */
  Merger(Merges merges, int[] byteIds) {
    this.merges = merges;
    this.byteIds = byteIds;
  }

  /** Adds the tokens of a word of one byte or more. */
  void merge(byte[] bytes, int start, int length, IdBuffer out) {
    if (length > ids.length) {
      int capacity = Math.max(MIN_CAPACITY, length);
      ids = new int[capacity];
      ranks = new int[capacity];
    }
    for (int i = 0; i < length; i++) {
      ids[i] = byteIds[bytes[start + i] & 0xff];
    }
    for (int i = 0; i < length - 1; i++) {
      ranks[i] = merges.rank(ids[i], ids[i + 1]);
    }
    if (length <= SHORT) {
      mergeBySearch(length, out);
    } else {
      new LongWord(merges, ids, ranks, length).merge(out);
      ids = ranks = new int[0];
    }
  }

  private void mergeBySearch(int length, IdBuffer out) {
    int count = length;
    for (int at = lowest(count); at >= 0; at = lowest(count)) {
      ids[at] = merges.merged(ranks[at]);
      count--;
      for (int i = at + 1; i < count; i++) {
        ids[i] = ids[i + 1];
        ranks[i] = ranks[i + 1];
      }
      if (at + 1 < count) {
        ranks[at] = merges.rank(ids[at], ids[at + 1]);
      }
      if (at > 0) {
        ranks[at - 1] = merges.rank(ids[at - 1], ids[at]);
      }
    }
    out.addAll(ids, 0, count);
  }

  /** The pair that merges next; -1 if none does. */
  private int lowest(int count) {
    int lowest = Merges.NONE;
    int at = -1;
    for (int i = 0; i < count - 1; i++) {
      if (ranks[i] < lowest) {
        lowest = ranks[i];
        at = i;
      }
    }
    return at;
  }

  /** A word whose tokens are a list over arrays, and whose pairs lie in a binary heap. */
  private static final class LongWord {
    private static final int GONE = -1;

    private final Merges merges;
    private final int[] ids;

    /** The rank of each token and the next one; {@link Merges#NONE} where a token is gone. */
    private final int[] ranks;

    private final int[] nexts;
    private final int[] previous;

    /** Rank and position; an entry that says another rank than {@link #ranks} is out of date. */
    private long[] heap;

    private int heapSize;

    private LongWord(Merges merges, int[] ids, int[] ranks, int length) {
      this.merges = merges;
      this.ids = ids;
      this.ranks = ranks;
      this.nexts = new int[length];
      this.previous = new int[length];
      this.heap = new long[length];
      ranks[length - 1] = Merges.NONE;
      for (int i = 0; i < length; i++) {
        previous[i] = i - 1;
        nexts[i] = i + 1 < length ? i + 1 : GONE;
        if (ranks[i] != Merges.NONE) {
          heap[heapSize++] = (long) ranks[i] << Integer.SIZE | i;
        }
      }
      for (int i = heapSize / 2 - 1; i >= 0; i--) {
        siftDown(i, heap[i]);
      }
    }

    private void merge(IdBuffer out) {
      while (heapSize > 0) {
        long entry = pop();
        int at = (int) entry;
        int rank = (int) (entry >>> Integer.SIZE);
        if (ranks[at] == rank) {
          mergeAt(at, rank);
        }
      }
      for (int at = 0; at != GONE; at = nexts[at]) {
        out.add(ids[at]);
      }
    }

    private void mergeAt(int at, int rank) {
      int right = nexts[at];
      int next = nexts[right];
      ids[at] = merges.merged(rank);
      ranks[right] = Merges.NONE;
      nexts[at] = next;
      if (next != GONE) {
        previous[next] = at;
      }
      rankPair(at, next);
      if (previous[at] >= 0) {
        rankPair(previous[at], at);
      }
    }

    private void rankPair(int left, int right) {
      int rank = right == GONE ? Merges.NONE : merges.rank(ids[left], ids[right]);
      ranks[left] = rank;
      if (rank != Merges.NONE) {
        push((long) rank << Integer.SIZE | left);
      }
    }

    private void push(long entry) {
      if (heapSize == heap.length) {
        heap = Arrays.copyOf(heap, heapSize * 2);
      }
      int at = heapSize++;
      while (at > 0 && heap[(at - 1) / 2] > entry) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
      }
      heap[at] = entry;
    }

    private long pop() {
      long top = heap[0];
      heapSize--;
      siftDown(0, heap[heapSize]);
      return top;
    }

    private void siftDown(int start, long entry) {
      int at = start;
      for (int child = 2 * at + 1; child < heapSize; child = 2 * at + 1) {
        if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
          child++;
        }
        if (heap[child] >= entry) {
          break;
        }
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = entry;
    }
  }
}
