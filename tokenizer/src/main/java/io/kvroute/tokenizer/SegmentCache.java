package io.kvroute.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ids of text segments by their content, bounded in bytes. Entries hold their text and are compared
 * with it, so that no collision can give wrong ids; the hash has a random seed, so that nobody can
 * aim many texts at one bucket. Safe for any number of threads.
 */
final class SegmentCache {

  /** Rough bytes of an entry's objects beside its characters and ids. */
  private static final int ENTRY_BYTES = 200;

  private final Hasher64 hasher = Hashing.wyhashFinal4(new SecureRandom().nextLong());
  private final Cache<Segment, int[]> ids;

  /**
   * @param maxBytes about how much memory all entries may take together
   */
  SegmentCache(long maxBytes) {
    ids =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(SegmentCache::bytes)
            .executor(Runnable::run)
            .build();
  }

  private static int bytes(Segment segment, int[] ids) {
    return ENTRY_BYTES + 2 * segment.length() + Integer.BYTES * ids.length;
  }

  /**
   * A part of a text to look up.
   *
   * @param atStart whether it stands at the start of the whole text, where it may have other ids
   */
  Segment segment(String text, int start, int end, boolean atStart) {
    // Two copies and a hash of bytes take a fraction of the time of a hash of characters.
    long hash = hasher.hashBytesToLong(text.substring(start, end).getBytes(UTF_8));
    return new Segment(text, start, end, atStart, (int) (hash ^ (hash >>> 32)));
  }

  /** The segment's ids, not to be changed; null if they are not known. */
  int @Nullable [] get(Segment segment) {
    return ids.getIfPresent(segment);
  }

  void put(Segment segment, int[] segmentIds) {
    ids.put(segment.owned(), segmentIds);
  }

  /** A part of a text, equal to another with the same characters. */
  static final class Segment {

    private final String text;
    private final int start;
    private final int end;
    private final boolean atStart;
    private final int hash;

    private Segment(String text, int start, int end, boolean atStart, int hash) {
      this.text = text;
      this.start = start;
      this.end = end;
      this.atStart = atStart;
      this.hash = hash;
    }

    int length() {
      return end - start;
    }

    /** The same without the text around it. */
    private Segment owned() {
      return new Segment(text.substring(start, end), 0, end - start, atStart, hash);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Segment that
          && hash == that.hash
          && atStart == that.atStart
          && length() == that.length()
          && text.regionMatches(start, that.text, that.start, length());
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
