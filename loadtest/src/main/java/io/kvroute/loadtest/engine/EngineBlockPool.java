package io.kvroute.loadtest.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * An engine's blocks: who counts on them, what they hold, and which goes next (vLLM 0.32,
 * v1/core/block_pool.py). Block 0 is the null block, which belongs to the engine and is never given
 * out. A block that nobody uses keeps its content, findable by hash, until it is taken.
 */
final class BlockPool {

  private final int[] references;
  private final long[] hashes;
  private final BitSet hashed;
  private final FreeQueue free;
  private final CachedBlocks cached;
  private final LongConsumer onEvicted;

  /**
   * @param blocks the null block included, at least 2
   * @param onEvicted told the hash of a cached block that was taken
   */
  BlockPool(int blocks, LongConsumer onEvicted) {
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

  /** Blocks that sequences could hold: all but the null block. */
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

  /** The block to reuse for this hash, or -1. */
  int find(long hash) {
    return cached.find(hash);
  }

  /** Uses a block found in the cache. */
  void touch(int block) {
    if (references[block]++ == 0) {
      free.remove(block);
    }
  }

  /** Takes the block at the head of the queue, and forgets what it held. */
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

  /** Makes a full block findable. */
  void cache(int block, long hash) {
    hashes[block] = hash;
    hashed.set(block);
    cached.add(hash, block);
  }

  /**
   * Gives a sequence's blocks back. Its tail will be taken before its head; blocks without a hash,
   * which nobody can find, before all others.
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

  /** Forgets all content, unless a block is in use; false then. */
  boolean reset() {
    if (free.size() != usable()) {
      return false;
    }
    hashed.clear();
    cached.clear();
    Arrays.fill(hashes, 0);
    return true;
  }

  /** Different hashes that can be found. */
  int cachedHashes() {
    return cached.size();
  }
}
