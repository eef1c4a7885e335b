package io.kvroute.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A cache from text segments to their ids, bounded in bytes. Safe for any number of threads.
 *
 * <p>A segment is the text between two added tokens, usually one message. The key is a 32-bit hash
 * plus the text itself: a look-up hashes the segment and then compares its characters, so a hash
 * collision cannot return wrong ids. The hash has a random seed, so that clients cannot craft texts
 * that share a bucket. Cost: hashing and comparing, about 3 ns per character. Eviction is
 * Caffeine's, by weight: 200 bytes per entry, 2 per character and 4 per id. Example:
 *
 * <pre>{@code
 * <|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n   segments: "user\nhi", "\n", "assistant\n"
 * first request:  three misses, three entries
 * next turn:      the same three segments hit; only the new messages are encoded
 * }</pre>
 */
final class SegmentCache {

  /** Approximate size of the objects of an entry, without its characters and ids. */
  private static final int ENTRY_BYTES = 200;

  private final Hasher64 hasher = Hashing.wyhashFinal4(new SecureRandom().nextLong());
  private final Cache<Segment, int[]> ids;

  /**
   * @param maxBytes approximate maximum size of all entries together
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
   * A part of a text, to look up.
   *
   * @param atStart whether the segment must be encoded as the start of a text, where its ids may
   *     differ
   */
  Segment segment(String text, int start, int end, boolean atStart) {
    // Copying twice and hashing bytes is several times faster than hashing characters.
    long hash = hasher.hashBytesToLong(text.substring(start, end).getBytes(UTF_8));
    return new Segment(text, start, end, atStart, (int) (hash ^ (hash >>> 32)));
  }

  /** The ids of the segment, not to be changed; null if the cache does not hold them. */
  int @Nullable [] get(Segment segment) {
    return ids.getIfPresent(segment);
  }

  void put(Segment segment, int[] segmentIds) {
    ids.put(segment.owned(), segmentIds);
  }

  /** A part of a text. Equal to any other part with the same characters. */
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

    /** A copy that does not keep the surrounding text in memory. */
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
