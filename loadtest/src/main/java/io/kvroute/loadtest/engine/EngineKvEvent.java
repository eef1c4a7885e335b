package io.kvroute.loadtest.engine;

import org.jspecify.annotations.Nullable;

/** A change of what an engine's prefix cache holds, in the order in which the engine made it. */
public sealed interface KvEvent {

  /**
   * Consecutive full blocks of one sequence became reusable.
   *
   * @param hashes the engine's name of each block, unsigned
   * @param parentHash the block before the first one; null where the first one starts the sequence
   * @param tokens {@code hashes.length * blockSize} token ids
   * @param blockSize tokens in a block
   * @param cacheSalt the request's salt; engines name it with the first block of a sequence only
   */
  @SuppressWarnings("ArrayRecordComponent") // a message, never compared
  record BlockStored(
      long[] hashes,
      @Nullable Long parentHash,
      int[] tokens,
      int blockSize,
      @Nullable String cacheSalt)
      implements KvEvent {}

  /** One physical copy of a block was taken for something else. */
  record BlockRemoved(long hash) implements KvEvent {}

  /** The cache was reset. */
  record AllBlocksCleared() implements KvEvent {}
}
