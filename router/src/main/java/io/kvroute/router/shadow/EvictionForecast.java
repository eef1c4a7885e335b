package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Predicts which cached blocks survive until a new request is admitted.
 *
 * <p>Model: the engine admits queued requests in order, and each allocates blocks for the part of
 * its prompt that is not cached. Allocation evicts free blocks in LRU order, skipping blocks that a
 * queued request reuses. If free blocks do not suffice, running requests must end and free their
 * blocks, the oldest request first, then queued ones. Of each ended request, the last blocks are
 * evicted first; blocks that a younger request shares are not evicted.
 *
 * <p>Data: for each block, the youngest request that uses it or will find it ({@code users}); for
 * each request, how many of its leading blocks survive; for free blocks that no request uses, a
 * time: those freed before it are evicted. A request that uses a block uses all blocks before it in
 * the chain. A chain therefore loses blocks only from its end, and bisection finds how many
 * survive.
 *
 * <p>Cost: O(1) for each use or release of a block. After a change, the next forecast costs
 * O(requests + blocks to be allocated); every other forecast costs O(log n) look-ups for a chain of
 * n blocks.
 *
 * <p>Example: of 16 blocks, request 1 left 8 cached and free, then request 2 left 6, and 2 are
 * empty. A queued request needs 5 blocks: it takes the 2 empty blocks and the last 3 of request 1.
 * A prompt that continues request 1 will therefore find 5 blocks, and one that continues request 2
 * will find all 6.
 *
 * <p>Not thread-safe.
 */
final class EvictionForecast {

  private final PredictedBlocks predicted;
  private final Collection<Sequence> running;
  private final Collection<Sequence> queued;
  private BlockPool pool;

  /** The youngest request that has each block, or will when it is admitted. */
  private @Nullable Sequence[] users;

  private boolean stale = true;

  /**
   * The request that was enqueued last, as long as its hits are not reserved. They are reserved at
   * the next forecast only, because most requests are admitted before one is needed.
   */
  private @Nullable Sequence unreserved;

  private boolean freeBlocksSuffice;

  /** Free blocks that were freed at or before this time will be evicted. */
  private int evictedUpTo;

  /**
   * A forecast for a pool in which no block is used yet.
   *
   * @param running requests in the order of their admission
   * @param queued requests in the order in which they will be admitted
   */
  EvictionForecast(
      BlockPool pool,
      PredictedBlocks predicted,
      Collection<Sequence> running,
      Collection<Sequence> queued) {
    this.pool = pool;
    this.predicted = predicted;
    this.running = running;
    this.queued = queued;
    this.users = new @Nullable Sequence[pool.capacity() + 1];
  }

  /** Starts again with another pool, in which no block is used yet. */
  void reset(BlockPool newPool) {
    pool = newPool;
    users = new @Nullable Sequence[newPool.capacity() + 1];
    unreserved = null;
    stale = true;
  }

  /**
   * A request was queued behind all others.
   *
   * @param hits leading blocks that it will find
   */
  void enqueued(Sequence sequence, int hits) {
    refresh();
    sequence.predictedHits = hits;
    sequence.blocksNeeded = sequence.totalBlocks() - hits;
    sequence.reservedFreeBlocks = 0;
    sequence.sharedBlocks = 0;
    sequence.reservedBlocks = Sequence.NO_BLOCKS;
    unreserved = sequence;
    stale = true;
  }

  /** The request left the queue. */
  void dequeued(Sequence sequence) {
    for (int block : sequence.reservedBlocks) {
      release(sequence, block);
    }
    sequence.reservedBlocks = Sequence.NO_BLOCKS;
    unreserved = sequence == unreserved ? null : unreserved;
    stale = true;
  }

  /** Reserves the blocks that a queued request will find. */
  private void reserveHits(Sequence sequence) {
    int[] blocks = new int[sequence.predictedHits];
    int block = BlockPool.NULL_BLOCK;
    for (int i = 0; i < blocks.length; i++) {
      long key = sequence.keys.key(i);
      block = pool.find(key, block);
      Sequence computing = predicted.youngestRequest(key);
      if (computing != null) {
        share(computing, sequence, i);
        predicted.reuse(key, sequence);
      } else {
        block = survivingCopy(block, i);
        if (block != BlockPool.NULL_BLOCK) {
          sequence.reservedFreeBlocks += isUnused(block) ? 1 : 0;
          use(sequence, block, i);
          blocks[i] = block;
        }
      }
    }
    sequence.reservedBlocks = blocks;
  }

  /** Whether no request has the block, or will. */
  private boolean isUnused(int block) {
    return users[block] == null && pool.isFree(block);
  }

  /** The request has the block at this position of its chain, or will. */
  void use(Sequence sequence, int block, int position) {
    share(users[block], sequence, position);
    users[block] = sequence;
    stale = true;
  }

  private static void share(@Nullable Sequence older, Sequence younger, int position) {
    if (older != null && older != younger) {
      older.sharedBlocks = Math.max(older.sharedBlocks, position + 1);
    }
  }

  /** The request does not use the block any more, or will not. */
  void release(Sequence sequence, int block) {
    if (users[block] == sequence) {
      users[block] = null;
    }
    stale = true;
  }

  /** Whether running requests have to end before all queued ones fit. */
  boolean freeBlocksAreShort() {
    refresh();
    return !freeBlocksSuffice;
  }

  /** Of the first {@code held} blocks of a chain, all held now, how many will survive. */
  int survivingBlocks(BlockKeys keys, int held) {
    if (held == 0 || queued.isEmpty()) {
      return held;
    }
    refresh();
    int least = 0;
    int most = held;
    int next = held - 1;
    while (least < most) {
      if (survives(keys.key(next), next)) {
        least = next + 1;
      } else {
        most = next;
      }
      next = (least + most) >>> 1;
    }
    return least;
  }

  private boolean survives(long key, int position) {
    Sequence computing = predicted.youngestRequest(key);
    if (computing != null && position < computing.survivingBlocks) {
      return true;
    }
    int first = pool.find(key);
    return first == BlockPool.NULL_BLOCK
        ? computing == null
        : survivingCopy(first, position) != BlockPool.NULL_BLOCK;
  }

  /**
   * The first copy of a block that will survive, or the null block.
   *
   * @param first the copy that is found now, or the null block
   * @param position its position in a chain
   */
  private int survivingCopy(int first, int position) {
    int block = first;
    while (block != BlockPool.NULL_BLOCK && !survives(block, position)) {
      block = pool.nextCopy(block);
    }
    return block;
  }

  private boolean survives(int block, int position) {
    Sequence user = users[block];
    if (user != null) {
      return position < user.survivingBlocks;
    }
    return !pool.isFree(block) || (freeBlocksSuffice && pool.freedAt(block) - evictedUpTo > 0);
  }

  private void refresh() {
    if (!stale) {
      return;
    }
    Sequence last = unreserved;
    if (last != null) {
      unreserved = null;
      predictEvictions(last);
      reserveHits(last);
    }
    predictEvictions(null);
    stale = false;
  }

  /** Predicts what queued requests will evict, except one of them. */
  private void predictEvictions(@Nullable Sequence except) {
    int needed = 0;
    int free = pool.free();
    for (Sequence sequence : queued) {
      needed += sequence == except ? 0 : sequence.blocksNeeded;
      free -= sequence == except ? 0 : sequence.reservedFreeBlocks;
    }
    freeBlocksSuffice = needed <= free;
    evictedUpTo = freeBlocksSuffice ? pool.freedAtOfLastTaken(needed, this::isUnused) : 0;
    int missing = Math.max(0, needed - free);
    for (Sequence sequence : running) {
      missing -= evictTail(sequence, sequence.blockCount, missing);
    }
    for (Sequence sequence : queued) {
      missing -= sequence == except ? 0 : evictTail(sequence, sequence.totalBlocks(), missing);
    }
  }

  /** If blocks are missing, a request ends and its last blocks are evicted; returns how many. */
  private int evictTail(Sequence sequence, int blocks, int missing) {
    int evicted = Math.clamp((long) blocks - sequence.sharedBlocks, 0, missing);
    sequence.survivingBlocks = evicted == 0 ? Integer.MAX_VALUE : blocks - evicted;
    return evicted;
  }
}
