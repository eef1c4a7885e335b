package io.kvroute.loadtest.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Models an engine's KV blocks: their reference counts, their cached content, and the order in
 * which they are reused.
 *
 * <p>Data layout: one array each for reference counts and hashes, indexed by block number; a {@link
 * FreeQueue} of blocks with no references; a {@link CachedBlocks} map from hash to block. Block 0
 * is the null block, which the engine keeps for itself. A freed block keeps its content, and can be
 * found by its hash, until it is allocated again.
 *
 * <p>Cost: O(1) for {@code find}, {@code touch}, {@code take} and {@code cache}, except that
 * several copies of one hash form a list; O(blocks of the sequence) for {@code release}.
 *
 * <p>Source: vLLM 0.32, v1/core/block_pool.py.
 *
 * <p>Example with 4 blocks, of which 1, 2 and 3 are usable:
 *
 * <pre>
 * take() = 1, cache(1, a)    block 1 in use, found by hash a; free: 2 3
 * take() = 2                 block 2 in use, not full and so without a hash; free: 3
 * release([1, 2])            block 2 goes to the front, block 1 to the back; free: 2 3 1
 * find(a) = 1, touch(1)      block 1 is in use again with its content; free: 2 3
 * release([1]), take() x 3   gives 2, 3, then 1, and reports hash a as evicted
 * </pre>
 */
final class EngineBlockPool {

  private final int[] references;
  private final long[] hashes;
  private final BitSet hashed;
  private final FreeQueue free;
  private final CachedBlocks cached;
  private final LongConsumer onEvicted;

  /**
   * @param blocks number of blocks, including the null block; at least 2
   * @param onEvicted receives the hash of each cached block that is allocated again
   */
  EngineBlockPool(int blocks, LongConsumer onEvicted) {
    if (blocks < 2) {
      throw new IllegalArgumentException("blocks: " + blocks + " (expected: >= 2)");
    }
    this.references = new int[blocks];
    this.hashes = new long[blocks];
    this.hashed = new BitSet(blocks);
    this.free = new FreeQueue(1, blocks);
    this.cached = new CachedBlocks(blocks);
    this.onEvicted = onEvicted;
  }

  /** The number of blocks that sequences can hold: all but the null block. */
  int usable() {
    return references.length - 1;
  }

  int free() {
    return free.size();
  }

  int references(int block) {
    return references[block];
  }

  boolean isCached(int block) {
    return hashed.get(block);
  }

  /** The cached block with this hash, or -1. */
  int find(long hash) {
    return cached.find(hash);
  }

  /** Adds a reference to a block that was found in the cache. */
  void touch(int block) {
    if (references[block]++ == 0) {
      free.remove(block);
    }
  }

  /** Allocates the block at the head of the free queue and evicts its content. */
  int take() {
    int block = free.removeFirst();
    if (hashed.get(block)) {
      hashed.clear(block);
      cached.remove(hashes[block], block);
      onEvicted.accept(hashes[block]);
    }
    references[block] = 1;
    return block;
  }

  /** Lets {@link #find} return a full block. */
  void cache(int block, long hash) {
    hashes[block] = hash;
    hashed.set(block);
    cached.add(hash, block);
  }

  /**
   * Releases a sequence's blocks. Blocks without a hash go to the front of the free queue, because
   * nobody can find them. The others go to the back, the last block first, so that the tail of a
   * sequence is evicted before its head.
   */
  void release(IntList blocks) {
    List<Integer> unhashed = new ArrayList<>(1);
    for (int i = blocks.size() - 1; i >= 0; i--) {
      int block = blocks.get(i);
      if (--references[block] > 0) {
        continue;
      }
      if (hashed.get(block)) {
        free.addLast(block);
      } else {
        unhashed.add(block);
      }
    }
    for (int block : unhashed.reversed()) {
      free.addFirst(block);
    }
  }

  /** Drops all cached content. Returns false, and drops nothing, while a block is in use. */
  boolean reset() {
    if (free.size() != usable()) {
      return false;
    }
    hashed.clear();
    cached.clear();
    Arrays.fill(hashes, 0);
    return true;
  }

  /** The number of different hashes that can be found. */
  int cachedHashes() {
    return cached.size();
  }
}
