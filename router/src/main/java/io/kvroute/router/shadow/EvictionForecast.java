package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predicts which cached blocks survive until a new request is admitted.
 *
 * <p>Model: the engine admits queued requests in order, and each allocates blocks for the part of
 * its prompt that is not cached. Allocation evicts free blocks in LRU order, but not blocks that a
 * queued request reuses. If these do not suffice, running requests end, the oldest first, then
 * queued ones, and their last blocks are evicted first, but not those of a younger request.
 *
 * <p>Data: the youngest request that uses each block or will find it ({@code users}); how many
 * leading blocks of each request survive; the time before which freed blocks that no request uses
 * are evicted. A chain loses blocks only from its end, so bisection finds how many survive.
 *
 * <p>Cost: O(1) for each use or release of a block; O(log requests) for each request that changed
 * since the last forecast; O(log n) look-ups of O(log requests) for a forecast about n blocks. The
 * walk along blocks to be allocated is constant on average for each changed block. Not thread-safe.
 *
 * <p>Example: of 16 blocks, request 1 left 8 cached and free, then request 2 left 6; 2 are empty. A
 * queued request needs 5: it takes the 2 empty blocks and the last 3 of request 1. A prompt that
 * continues request 1 will find 5 blocks, and one that continues request 2 will find all 6.
 */
final class EvictionForecast {

  private final PredictedBlocks predicted;
  private final EvictionOrder running = new EvictionOrder();
  private final EvictionOrder queued = new EvictionOrder();

  /** Requests whose number of evictable blocks may have changed. */
  private final List<Sequence> changed = new ArrayList<>();

  private BlockPool pool;

  /** Blocks that the requests in {@code queued} will allocate. */
  private long needed;

  /** Free blocks that the requests in {@code queued} will find. */
  private long reservedFree;

  /** The youngest request that has each block, or will when it is admitted. */
  private @Nullable Sequence[] users;

  private boolean stale = true;

  /** The request enqueued last. The next forecast reserves its hits; most are admitted before. */
  private @Nullable Sequence unreserved;

  /** Whether {@link #unreserved} was queued before all others. */
  private boolean unreservedIsFirst;

  private boolean freeBlocksSuffice;

  /** Blocks that running and queued requests lose because free blocks do not suffice. */
  private long missing;

  private final FreeBlockWalk walk = new FreeBlockWalk();

  /** A forecast for a pool in which no block is used yet. */
  EvictionForecast(BlockPool pool, PredictedBlocks predicted) {
    this.pool = pool;
    this.predicted = predicted;
    this.users = new @Nullable Sequence[pool.capacity() + 1];
  }

  /** Starts again with another pool, in which no block is used yet. */
  void reset(BlockPool newPool) {
    pool = newPool;
    users = new @Nullable Sequence[newPool.capacity() + 1];
    running.clear();
    queued.clear();
    needed = 0;
    reservedFree = 0;
    walk.reset();
    unreserved = null;
    stale = true;
  }

  /** A request was admitted, after all others. */
  void admitted(Sequence sequence) {
    running.addLast(sequence);
    change(sequence);
  }

  /** A running request has ended. */
  void ended(Sequence sequence) {
    running.remove(sequence);
    stale = true;
  }

  /**
   * A request was queued.
   *
   * @param hits leading blocks that it will find
   * @param isFirst whether it was queued before all others, not behind them
   */
  void enqueued(Sequence sequence, int hits, boolean isFirst) {
    refresh();
    sequence.predictedHits = hits;
    sequence.blocksNeeded = sequence.totalBlocks() - hits;
    sequence.reservedFreeBlocks = 0;
    sequence.sharedBlocks = 0;
    sequence.reservedBlocks = Sequence.NO_BLOCKS;
    unreserved = sequence;
    unreservedIsFirst = isFirst;
    stale = true;
  }

  /** The request left the queue. */
  void dequeued(Sequence sequence) {
    for (int block : sequence.reservedBlocks) {
      release(sequence, block);
    }
    sequence.reservedBlocks = Sequence.NO_BLOCKS;
    if (sequence == unreserved) {
      unreserved = null;
    } else {
      queued.remove(sequence);
      needed -= sequence.blocksNeeded;
      reservedFree -= sequence.reservedFreeBlocks;
    }
    stale = true;
  }

  /** Enters a queued request whose hits are reserved in the order of evictions. */
  private void enter(Sequence sequence) {
    if (unreservedIsFirst) {
      queued.addFirst(sequence);
    } else {
      queued.addLast(sequence);
    }
    needed += sequence.blocksNeeded;
    reservedFree += sequence.reservedFreeBlocks;
    change(sequence);
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

  private boolean isUnused(int block) {
    return users[block] == null && pool.isFree(block);
  }

  /** The request has the block at this position of its chain, or will. */
  void use(Sequence sequence, int block, int position) {
    share(users[block], sequence, position);
    users[block] = sequence;
    change(sequence);
    walk.blockChanged();
  }

  private void share(@Nullable Sequence older, Sequence younger, int position) {
    if (older != null && older != younger && older.sharedBlocks <= position) {
      older.sharedBlocks = position + 1;
      change(older);
    }
  }

  private void change(Sequence sequence) {
    stale = true;
    if (!sequence.evictableChanged) {
      sequence.evictableChanged = true;
      changed.add(sequence);
    }
  }

  /** The request does not use the block any more, or will not. */
  void release(Sequence sequence, int block) {
    if (users[block] == sequence) {
      users[block] = null;
    }
    walk.blockChanged();
    stale = true;
  }

  /** Whether running requests have to end before all queued ones fit. */
  boolean freeBlocksAreShort() {
    refresh();
    return !freeBlocksSuffice;
  }

  /** Of the first {@code held} blocks of a chain, all held now, how many will survive. */
  int survivingBlocks(BlockKeys keys, int held) {
    if (held == 0 || (queued.isEmpty() && unreserved == null)) {
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
    if (computing != null && position < survivingBlocks(computing)) {
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
      return position < survivingBlocks(user);
    }
    return !pool.isFree(block) || (freeBlocksSuffice && walk.survives(pool.freedAt(block)));
  }

  private void refresh() {
    if (!stale) {
      return;
    }
    Sequence last = unreserved;
    if (last != null) {
      unreserved = null;
      predictEvictions();
      reserveHits(last);
      enter(last);
    }
    predictEvictions();
    stale = false;
  }

  /** Predicts what the requests in {@code queued} will evict. */
  private void predictEvictions() {
    for (Sequence sequence : changed) {
      sequence.evictableChanged = false;
      if (sequence.evictionOrder != null) {
        sequence.evictionOrder.setEvictable(sequence, sequence.unsharedBlocks());
      }
    }
    changed.clear();
    missing = Math.max(0, needed - (pool.free() - reservedFree));
    freeBlocksSuffice = missing == 0;
    if (freeBlocksSuffice) {
      walk.update(pool, needed, this::isUnused);
    }
  }

  /** How many of a request's first blocks will survive. */
  private int survivingBlocks(Sequence sequence) {
    EvictionOrder order = sequence.evictionOrder;
    if (missing == 0 || order == null) {
      return Integer.MAX_VALUE;
    }
    long before = order.evictableBefore(sequence) + (order == queued ? running.evictable() : 0);
    int evicted = Math.clamp(missing - before, 0, sequence.evictableBlocks);
    return evicted == 0 ? Integer.MAX_VALUE : sequence.ownBlocks() - evicted;
  }
}
