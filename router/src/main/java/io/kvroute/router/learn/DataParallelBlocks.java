package io.kvroute.router.learn;

import com.carrotsearch.hppc.LongIntHashMap;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that the data-parallel ranks of one replica hold together, entered in the index. A
 * rank is one of several copies of the model in one replica, each with a cache of its own. The
 * replica itself distributes requests over its ranks, so the index holds a block while any rank
 * holds it.
 *
 * <p>Data: a block may be known under several engine hashes, because each rank has its own and
 * cache groups have their own. For each block and tier, a count says how many of them the ranks
 * report now. Every operation costs O(1) for each block.
 *
 * <p>Example: ranks 0 and 1 both report block A on the GPU, under engine hashes x and y. The count
 * of (A, GPU) is 2, and the index holds A. Rank 0 removes x: the count is 1, and A stays. Rank 1
 * removes y: the count is 0, and A's mark for the GPU is removed from the index. If A is also in
 * host memory, the index still holds it under that mark.
 *
 * <p>Not thread-safe.
 */
final class DataParallelBlocks {

  private final EventTarget target;

  /**
   * The number of engine hashes under which a block is known in a tier, by {@link Tier#salted} key.
   */
  private final LongIntHashMap hashesOfBlock = new LongIntHashMap();

  /** Tokens in a block. An engine has one size for all blocks that count for prefixes. */
  private int blockSize;

  /** The index's writer, requested once per batch. */
  private @Nullable IndexWriter writer;

  DataParallelBlocks(EventTarget target) {
    this.target = target;
  }

  /** The root key of a chain. */
  long root(@Nullable String lora, @Nullable String cacheSalt) {
    return target.root(lora, cacheSalt);
  }

  /** A new batch of events begins; requests the index's writer again. */
  void newBatch() {
    writer = null;
  }

  /** Enters the blocks of a chain; returns false if there is no index to enter them in. */
  boolean store(BlockKeys chain, int tokensInBlock, Tier tier) {
    if (tokensInBlock != blockSize) {
      writer = null;
      blockSize = tokensInBlock;
    }
    IndexWriter index = writer();
    if (index == null) {
      return false;
    }
    index.store(chain, 0, chain.count(), tier.presence());
    return true;
  }

  /** A block that the index holds already is in this tier too. */
  void mark(long key, Tier tier) {
    IndexWriter index = writer();
    if (index != null) {
      index.mark(key, tier.presence());
    }
  }

  /** A block has become known in a tier under one more engine hash. */
  void addHash(Tier tier, long key) {
    hashesOfBlock.putOrAdd(tier.salted(key), 1, 1);
  }

  /**
   * A block is no longer known in a tier under one of its engine hashes; with the last one, the
   * tier no longer holds it.
   */
  void removeHash(Tier tier, long key) {
    long block = tier.salted(key);
    int left = hashesOfBlock.getOrDefault(block, 1) - 1;
    if (left > 0) {
      hashesOfBlock.put(block, left);
      return;
    }
    hashesOfBlock.remove(block);
    IndexWriter index = writer();
    if (index != null) {
      index.remove(key, tier.presence());
    }
  }

  /** Removes all blocks at once. */
  void clear() {
    hashesOfBlock.clear();
    if (blockSize != 0) {
      target.forget();
    }
  }

  private @Nullable IndexWriter writer() {
    if (writer == null && blockSize != 0) {
      writer = target.writer(blockSize);
    }
    return writer;
  }
}
