package io.kvroute.loadtest.engine;

import org.jspecify.annotations.Nullable;

/** One change to an engine's prefix cache. Events are in the order of the changes. */
public sealed interface EngineKvEvent {

  /**
   * Consecutive full blocks of one sequence became reusable.
   *
   * @param hashes the engine's hash of each block, unsigned
   * @param parentHash hash of the block before the first one; null if the first block starts the
   *     sequence
   * @param tokens {@code hashes.length * blockSize} token ids
   * @param blockSize tokens per block
   * @param cacheSalt the request's salt; engines report it with a sequence's first block only
   */
  @SuppressWarnings("ArrayRecordComponent") // a message, never compared
  record BlockStored(
      long[] hashes,
      @Nullable Long parentHash,
      int[] tokens,
      int blockSize,
      @Nullable String cacheSalt)
      implements EngineKvEvent {}

  /** One physical copy of a block was evicted. */
  record BlockRemoved(long hash) implements EngineKvEvent {}

  /** The cache was reset. */
  record AllBlocksCleared() implements EngineKvEvent {}
}
