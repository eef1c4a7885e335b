package io.kvroute.tokenizer;

import java.util.Arrays;

/** A growing array of ids. */
final class IdBuffer {

  private int[] ids;
  private int count;

  IdBuffer(int expected) {
    this.ids = new int[Math.max(16, expected)];
  }

  void add(int id) {
    ensure(1);
    ids[count++] = id;
  }

  void addAll(int[] more) {
    addAll(more, 0);
  }

  /** Adds all ids from an index on. */
  void addAll(int[] more, int from) {
    int length = more.length - from;
    ensure(length);
    System.arraycopy(more, from, ids, count, length);
    count += length;
  }

  private void ensure(int more) {
    if (ids.length - count < more) {
      ids = Arrays.copyOf(ids, Math.max(count + more, ids.length + (ids.length >> 1)));
    }
  }

  /** A copy of the ids from an index on. */
  int[] from(int index) {
    return Arrays.copyOfRange(ids, index, count);
  }

  int count() {
    return count;
  }

  /** The array itself; only its first {@link #count()} entries are ids. */
  int[] raw() {
    return ids;
  }
}
