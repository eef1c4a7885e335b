package io.kvroute.router.learn;

import com.carrotsearch.hppc.LongIntHashMap;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import org.jspecify.annotations.Nullable;

/**
 * What the data-parallel ranks of one replica hold between them, entered in the index. Requests are
 * sent to the replica, which spreads them over its ranks as it likes, so a block counts while any
 * rank has it, under whatever name. Not thread-safe.
 */
final class RankedBlocks {

  private final EventTarget target;

  /** How many names stand for a block in a tier. */
  private final LongIntHashMap namesOfPlace = new LongIntHashMap();

  /** Tokens in a block; an engine has one size for all blocks that count for prefixes. */
  private int blockSize;

  /** The hand on the index for the batch under way. */
  private @Nullable IndexWriter resolved;

  RankedBlocks(EventTarget target) {
    this.target = target;
  }

  /** The root of a chain. */
  long root(@Nullable String lora, @Nullable String cacheSalt) {
    return target.root(lora, cacheSalt);
  }

  /** A new batch of events begins; the index is asked for anew. */
  void newBatch() {
    resolved = null;
  }

  /** Enters a chain's blocks; false where there is no index to enter them in. */
  boolean store(BlockKeys chain, int tokensInBlock, Tier tier) {
    if (tokensInBlock != blockSize) {
      resolved = null;
      blockSize = tokensInBlock;
    }
    IndexWriter holder = holder();
    if (holder == null) {
      return false;
    }
    holder.store(chain, 0, chain.count(), tier.claim());
    return true;
  }

  /** A block that is held somewhere is held in this tier too. */
  void claim(long key, Tier tier) {
    IndexWriter holder = holder();
    if (holder != null) {
      holder.mark(key, tier.claim());
    }
  }

  /** One more name stands for a block in a tier. */
  void named(Tier tier, long key) {
    namesOfPlace.putOrAdd(tier.salted(key), 1, 1);
  }

  /** A name no longer stands for a block in a tier; with the last of them the block is gone. */
  void unnamed(Tier tier, long key) {
    long place = tier.salted(key);
    int left = namesOfPlace.getOrDefault(place, 1) - 1;
    if (left > 0) {
      namesOfPlace.put(place, left);
      return;
    }
    namesOfPlace.remove(place);
    IndexWriter holder = holder();
    if (holder != null) {
      holder.remove(key, tier.claim());
    }
  }

  /** Forgets everything at once. */
  void clear() {
    namesOfPlace.clear();
    if (blockSize != 0) {
      target.forget();
    }
  }

  private @Nullable IndexWriter holder() {
    if (resolved == null && blockSize != 0) {
      resolved = target.holder(blockSize);
    }
    return resolved;
  }
}
