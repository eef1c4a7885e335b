package io.kvroute.router.learn;

import com.carrotsearch.hppc.LongIntHashMap;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that the data-parallel ranks of one replica hold together, entered in the index.
 * Requests are sent to the replica, which spreads them over its ranks itself, so a block counts
 * while any rank holds it.
 *
 * <p>Data: for each block and tier, the number of (rank, engine hash) pairs that stand for it.
 * Every operation costs O(1) for each block.
 *
 * <p>Example: ranks 0 and 1 both report block A on the GPU, under engine hashes x and y. The count
 * of (A, GPU) is 2, and the index holds A. Rank 0 removes x: the count is 1, and A stays. Rank 1
 * removes y: A's GPU mark is removed from the index. If A is also in host memory, it is still held.
 *
 * <p>Not thread-safe.
 */
final class DataParallelBlocks {

  private final EventTarget target;

  /** The number of engine hashes for a block in a tier, by {@link Tier#salted} key. */
  private final LongIntHashMap hashesOfBlock = new LongIntHashMap();

  /** Tokens in a block. An engine has one size for all blocks that count for prefixes. */
  private int blockSize;

  /** The index's writer, asked for once for each batch. */
  private @Nullable IndexWriter writer;

  DataParallelBlocks(EventTarget target) {
    this.target = target;
  }

  /** The root key of a chain. */
  long root(@Nullable String lora, @Nullable String cacheSalt) {
    return target.root(lora, cacheSalt);
  }

  /** A new batch of events begins; asks for the index's writer again. */
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

  /** One more engine hash stands for a block in a tier. */
  void addHash(Tier tier, long key) {
    hashesOfBlock.putOrAdd(tier.salted(key), 1, 1);
  }

  /** An engine hash no longer stands for a block in a tier; with the last one the block is gone. */
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
