package io.kvroute.router.route;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;

/**
 * One view of the blocks in a replica's cache, entered in the index under a slot of its own.
 * Guarded by the router's lock.
 */
interface ReplicaCache {

  /**
   * Enters a request that was sent to the replica. Its blocks appear in the index at once, as
   * predicted.
   *
   * @param admissionNanos when the engine is predicted to admit the request
   */
  CacheUse expect(PromptKeys prompt, long admissionNanos, long nowNanos);

  /**
   * Predicts how many leading blocks of a prompt survive until the engine admits the prompt, after
   * the requests that were sent there before.
   *
   * @param held leading blocks that the index holds now
   */
  int surviving(BlockKeys keys, int held);

  /** Applies what happens at the engine up to this time without any signal. */
  void advance(long nowNanos);

  /** Tokens in a block. */
  int blockSize();

  /** Blocks in the index. */
  int heldBlocks();

  /** Blocks that the engine can allocate, 0 where unknown. */
  int capacityBlocks();

  /** Blocks allocated to running requests. */
  int usedBlocks();
}
