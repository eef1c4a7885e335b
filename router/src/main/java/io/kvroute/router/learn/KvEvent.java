package io.kvroute.router.learn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change in an engine's KV cache, as the engine tells it. */
public sealed interface KvEvent {

  /**
   * Blocks have entered a tier of the cache.
   *
   * @param stored the blocks and the tokens they hold
   * @param kind the attention they belong to, null where the engine does not tell
   */
  record Stored(StoredBlocks stored, Tier tier, int group, @Nullable String kind)
      implements KvEvent {

    /** Whether a block of this group holds every token of its range, as routing counts blocks. */
    boolean countsForPrefixes() {
      return kind == null || kind.equals("full_attention") || kind.equals("mla_attention");
    }
  }

  /**
   * Blocks have left a tier of the cache.
   *
   * @param tier null: whichever they lie in
   */
  record Removed(BlockHashes hashes, @Nullable Tier tier, int group) implements KvEvent {}

  /** A block lies in another tier from now on. */
  record Moved(long hash, Tier to, int group) implements KvEvent {}

  /** The whole cache is gone. */
  record Cleared() implements KvEvent {}

  /**
   * Events published together.
   *
   * @param rank the data-parallel rank that speaks, 0 where the engine does not tell
   */
  record Batch(double timestampSeconds, List<KvEvent> events, int rank) {}
}
