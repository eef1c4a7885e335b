package io.kvroute.router.learn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change in an engine's KV cache, as the engine reports it. */
public sealed interface KvEvent {

  /**
   * Blocks were stored in a tier of the cache.
   *
   * @param stored the blocks and their tokens
   * @param group the engine's cache group; blocks of different groups may have equal hashes
   * @param kind the kind of attention they belong to, null if the engine does not report it
   */
  record Stored(StoredBlocks stored, Tier tier, int group, @Nullable String kind)
      implements KvEvent {

    /** Whether such blocks hold all tokens of their range, so that they count for prefixes. */
    boolean countsForPrefixes() {
      return kind == null || kind.equals("full_attention") || kind.equals("mla_attention");
    }
  }

  /**
   * Blocks were removed from a tier of the cache.
   *
   * @param tier null for every tier that holds them
   */
  record Removed(BlockHashes hashes, @Nullable Tier tier, int group) implements KvEvent {}

  /** A block was moved to another tier. */
  record Moved(long hash, Tier to, int group) implements KvEvent {}

  /** The whole cache was cleared. */
  record Cleared() implements KvEvent {}

  /**
   * Events published together.
   *
   * @param timestampSeconds Unix time on the engine's clock, 0 if the engine does not report it
   * @param rank the data-parallel rank that publishes, 0 if the engine does not report it
   */
  record Batch(double timestampSeconds, List<KvEvent> events, int rank) {}
}
