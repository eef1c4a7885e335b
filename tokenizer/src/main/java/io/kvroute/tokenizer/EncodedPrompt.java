package io.kvroute.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * The token ids of a prompt, as the engine computes them. Immutable; safe to share between threads.
 */
public final class EncodedPrompt {

  private final int[] ids;
  private final int count;
  private final int exactCount;
  private final List<MediaDigest> media;

  /**
   * Wraps ids without copying them.
   *
   * @param ids token ids in order; the caller must not change them afterwards
   * @param count how many leading entries of {@code ids} are used, at most {@code ids.length}
   */
  public EncodedPrompt(int[] ids, int count) {
    this(ids, count, count, List.of());
  }

  /**
   * Wraps ids without copying them, for a prompt with images or other media.
   *
   * @param exactCount how many leading ids are certainly those of the engine; the ids after them
   *     are those of the text around the media, which the engine expands to ids that are not known
   *     here
   * @param media an identifier of each image, audio or video, in the order of the request
   */
  public EncodedPrompt(int[] ids, int count, int exactCount, List<MediaDigest> media) {
    if (count < 0 || count > ids.length) {
      throw new IllegalArgumentException("count: " + count + " (expected: 0.." + ids.length + ")");
    }
    if (exactCount < 0 || exactCount > count) {
      throw new IllegalArgumentException(
          "exactCount: " + exactCount + " (expected: 0.." + count + ")");
    }
    this.ids = ids;
    this.count = count;
    this.exactCount = exactCount;
    this.media = List.copyOf(media);
  }

  public int count() {
    return count;
  }

  /**
   * How many leading ids are exactly those of the engine: all of them unless the request has media.
   */
  public int exactCount() {
    return exactCount;
  }

  /** An identifier of each image, audio or video of the request, in order; empty for plain text. */
  public List<MediaDigest> media() {
    return media;
  }

  /**
   * The ids themselves, not a copy. Read only the first {@link #count()}, and do not change them.
   */
  public int[] rawIds() {
    return ids;
  }

  /** A copy of exactly {@link #count()} ids. */
  public int[] ids() {
    return Arrays.copyOf(ids, count);
  }
}
