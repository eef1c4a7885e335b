package io.kvroute.tokenizer;

import java.util.Arrays;

/** A request's prompt as its engine sees it. Immutable; safe to share between threads. */
public final class EncodedPrompt {

  private final int[] ids;
  private final int count;

  /**
   * Wraps ids without copying them.
   *
   * @param ids token ids in order, handed over: the caller does not change them afterwards
   * @param count how many of {@code ids} count, at most {@code ids.length}
   */
  public EncodedPrompt(int[] ids, int count) {
    if (count < 0 || count > ids.length) {
      throw new IllegalArgumentException("count: " + count + " (expected: 0.." + ids.length + ")");
    }
    this.ids = ids;
    this.count = count;
  }

  public int count() {
    return count;
  }

  /** The ids themselves, not a copy; read only the first {@link #count()}. */
  public int[] rawIds() {
    return ids;
  }

  /** A copy of exactly {@link #count()} ids. */
  public int[] ids() {
    return Arrays.copyOf(ids, count);
  }
}
