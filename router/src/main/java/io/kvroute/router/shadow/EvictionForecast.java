package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What of a cache will still be there for a request that is routed now. Requests expected before it
 * are admitted before it, and what they will take goes first: what has been free for longest, but
 * for what they will find themselves; then, as running requests must end to make room, what the
 * oldest of them leaves, and so on; of each request its last blocks first.
 *
 * <p>Blocks further along a chain have been used by fewer requests, so what goes of a chain is its
 * end, found by halving. Not thread-safe.
 */
final class EvictionForecast {

  private final BlockPool pool;
  private final Promises promises;
  private final Collection<Sequence> running;
  private final Collection<Sequence> expected;

  /** The youngest request that has each block, or will when it is admitted. */
  private final @Nullable Sequence[] users;

  private boolean stale = true;

  /** The last request planned, until there is another that asks: most are admitted before. */
  private @Nullable Sequence unmarked;

  private boolean freeBlocksSuffice;

  /** Blocks freed until then will be taken. */
  private int takenUpTo;

  /**
   * An outlook on a pool in which nothing is used yet.
   *
   * @param running in the order of their admission
   * @param expected in the order in which they will be admitted
   */
  EvictionForecast(
      BlockPool pool,
      Promises promises,
      Collection<Sequence> running,
      Collection<Sequence> expected) {
    this.pool = pool;
    this.promises = promises;
    this.running = running;
    this.expected = expected;
    this.users = new @Nullable Sequence[pool.capacity() + 1];
  }

  /**
   * A request will come after those expected.
   *
   * @param found leading blocks that it will find
   */
  void plan(Sequence sequence, int found) {
    foresee();
    sequence.planned = found;
    sequence.needed = sequence.blocksInAll() - found;
    sequence.kept = 0;
    sequence.shared = 0;
    sequence.setAside = Sequence.NONE;
    unmarked = sequence;
    stale = true;
  }

  /** The request is not expected any more. */
  void unplan(Sequence sequence) {
    for (int block : sequence.setAside) {
      leaves(sequence, block);
    }
    sequence.setAside = Sequence.NONE;
    unmarked = sequence == unmarked ? null : unmarked;
    stale = true;
  }

  /** Sets aside what a request will find. */
  private void mark(Sequence sequence) {
    int[] blocks = new int[sequence.planned];
    int block = BlockPool.NULL_BLOCK;
    for (int i = 0; i < blocks.length; i++) {
      long key = sequence.keys.key(i);
      block = pool.find(key, block);
      Sequence promiser = promises.promiser(key);
      if (promiser != null) {
        share(promiser, sequence, i);
        promises.relyOn(key, sequence);
      } else {
        block = lastingCopy(block, i);
        if (block != BlockPool.NULL_BLOCK) {
          sequence.kept += isSpare(block) ? 1 : 0;
          uses(sequence, block, i);
          blocks[i] = block;
        }
      }
    }
    sequence.setAside = blocks;
  }

  /** Whether nobody has the block, or will. */
  private boolean isSpare(int block) {
    return users[block] == null && pool.isFree(block);
  }

  /** The request has the block at this place of its chain, or will. */
  void uses(Sequence sequence, int block, int place) {
    share(users[block], sequence, place);
    users[block] = sequence;
    stale = true;
  }

  private static void share(@Nullable Sequence older, Sequence younger, int place) {
    if (older != null && older != younger) {
      older.shared = Math.max(older.shared, place + 1);
    }
  }

  /** The request is through with the block, or will not come to have it. */
  void leaves(Sequence sequence, int block) {
    if (users[block] == sequence) {
      users[block] = null;
    }
    stale = true;
  }

  /** Whether requests must end before all those expected find room. */
  boolean isShort() {
    foresee();
    return !freeBlocksSuffice;
  }

  /** Of the first {@code held} blocks of a chain, all held now, how many will still be there. */
  int lasting(BlockKeys keys, int held) {
    if (held == 0 || expected.isEmpty()) {
      return held;
    }
    foresee();
    int least = 0;
    int most = held;
    int next = held - 1;
    while (least < most) {
      if (lasts(keys.key(next), next)) {
        least = next + 1;
      } else {
        most = next;
      }
      next = (least + most) >>> 1;
    }
    return least;
  }

  private boolean lasts(long key, int place) {
    Sequence promiser = promises.promiser(key);
    if (promiser != null && place < promiser.lasting) {
      return true;
    }
    int first = pool.find(key);
    return first == BlockPool.NULL_BLOCK
        ? promiser == null
        : lastingCopy(first, place) != BlockPool.NULL_BLOCK;
  }

  /**
   * Of the blocks of one name, the one that will be found at a place of a chain, or the null block.
   *
   * @param first the one that is found now, or the null block
   */
  private int lastingCopy(int first, int place) {
    int block = first;
    while (block != BlockPool.NULL_BLOCK && !lasts(block, place)) {
      block = pool.nextOf(block);
    }
    return block;
  }

  private boolean lasts(int block, int place) {
    Sequence user = users[block];
    if (user != null) {
      return place < user.lasting;
    }
    return !pool.isFree(block) || (freeBlocksSuffice && pool.freedAt(block) - takenUpTo > 0);
  }

  private void foresee() {
    if (!stale) {
      return;
    }
    Sequence last = unmarked;
    if (last != null) {
      unmarked = null;
      foresee(last);
      mark(last);
    }
    foresee(null);
    stale = false;
  }

  /** Foresees what those expected will take, but for one. */
  private void foresee(@Nullable Sequence but) {
    int needed = 0;
    int free = pool.free();
    for (Sequence sequence : expected) {
      needed += sequence == but ? 0 : sequence.needed;
      free -= sequence == but ? 0 : sequence.kept;
    }
    freeBlocksSuffice = needed <= free;
    takenUpTo = freeBlocksSuffice ? pool.lastFreed(needed, this::isSpare) : 0;
    int missing = Math.max(0, needed - free);
    for (Sequence sequence : running) {
      missing -= leave(sequence, sequence.count, missing);
    }
    for (Sequence sequence : expected) {
      missing -= sequence == but ? 0 : leave(sequence, sequence.blocksInAll(), missing);
    }
  }

  /** A request ends, if it must, and others take its last blocks; tells how many. */
  private int leave(Sequence sequence, int blocks, int missing) {
    int taken = Math.clamp((long) blocks - sequence.shared, 0, missing);
    sequence.lasting = taken == 0 ? Integer.MAX_VALUE : blocks - taken;
    return taken;
  }
}
