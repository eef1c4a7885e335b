package io.kvroute.router.shadow;

import java.util.function.IntPredicate;

/**
 * Finds how far free blocks are evicted by a walk along the blocks to be allocated. A long walk is
 * repeated only after a sixteenth as many blocks have changed. Not thread-safe.
 */
final class FreeBlockWalk {

  /** Up to this many blocks to be allocated, each walk is made anew. */
  private static final int SHORT_WALK = 256;

  private int evictedUpTo;
  private long walkedBlocks;
  private long changedBlocks;

  /** A block was used or released. */
  void blockChanged() {
    changedBlocks++;
  }

  /**
   * So many of the free blocks will be allocated.
   *
   * @param which the free blocks that can be allocated
   */
  void update(BlockPool pool, long needed, IntPredicate which) {
    long moved = changedBlocks + Math.abs(needed - walkedBlocks);
    if (needed <= SHORT_WALK || moved > needed / 16) {
      evictedUpTo = pool.freedAtOfLastTaken((int) needed, which);
      walkedBlocks = needed;
      changedBlocks = 0;
    }
  }

  /** Whether a block that was freed at this time stays. */
  boolean survives(int freedAt) {
    return freedAt - evictedUpTo > 0;
  }

  void reset() {
    walkedBlocks = 0;
  }
}
