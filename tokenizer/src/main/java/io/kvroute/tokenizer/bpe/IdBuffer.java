package io.kvroute.tokenizer.bpe;

import java.util.Arrays;

/** A growing array of ids. Not thread-safe. */
public final class IdBuffer {

  private int[] ids;
  private int count;

  public IdBuffer(int expected) {
    this.ids = new int[Math.max(16, expected)];
  }

  public void add(int id) {
    ensure(1);
    ids[count++] = id;
  }

  public void addAll(int[] more) {
    addAll(more, 0);
  }

  /** Adds all ids from an index on. */
  public void addAll(int[] more, int from) {
    addAll(more, from, more.length - from);
  }

  /** Adds {@code length} ids of an array, from an index on. */
  public void addAll(int[] more, int from, int length) {
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
  public int[] from(int index) {
    return Arrays.copyOfRange(ids, index, count);
  }

  public int count() {
    return count;
  }

  /** The array itself; only its first {@link #count()} entries are ids. */
  public int[] raw() {
    return ids;
  }
}
