package io.kvroute.router.index;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One holder of blocks, from the time it starts empty until it is cleared or closed. Nodes refer to
 * a slot by its id. An id is reused only when no node refers to it any more.
 */
final class Slot {

  /** The slot's bit in the sets of holders. */
  final int id;

  /** Where {@link BlockIndex#match} writes this slot's result. */
  final int resultIndex;

  /** Blocks held. */
  final AtomicInteger blocks = new AtomicInteger();

  private final AtomicLongArray slotsWithHoles;
  private int holes;
  private boolean retired;

  /**
   * A slot without blocks.
   *
   * @param slotsWithHoles the set of slot ids with holes; this slot keeps its own bit up to date
   */
  Slot(int id, int resultIndex, AtomicLongArray slotsWithHoles) {
    this.id = id;
    this.resultIndex = resultIndex;
    this.slotsWithHoles = slotsWithHoles;
  }

  /**
   * Changes the number of holes: held blocks whose parent block is not held. Without holes, a held
   * block implies that all blocks before it are held.
   */
  synchronized void addHoles(int delta) {
    boolean before = holes != 0;
    holes += delta;
    long bit = 1L << id;
    if (!retired && before != (holes != 0)) {
      slotsWithHoles.accumulateAndGet(id >>> 6, bit, (set, b) -> set ^ b);
    }
  }

  /** Leaves the set of slots with holes for good, so that the id can be reused. */
  synchronized void retire() {
    addHoles(-holes);
    retired = true;
  }
}
