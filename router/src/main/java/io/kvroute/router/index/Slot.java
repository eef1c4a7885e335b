package io.kvroute.router.index;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One replica's place in the sets of holders, from the time it starts empty until it restarts or
 * leaves. Its number is given to another only when nothing in the tree bears it any more.
 */
final class Slot {

  final int number;
  final int slot;

  /** Blocks held. */
  final AtomicInteger blocks = new AtomicInteger();

  private final AtomicLongArray holey;
  private int holes;
  private boolean retired;

  /**
   * A column without blocks.
   *
   * @param holey the set of columns with holes, kept up to date from here
   */
  Slot(int number, int slot, AtomicLongArray holey) {
    this.number = number;
    this.slot = slot;
    this.holey = holey;
  }

  /**
   * Counts blocks held whose parent is not. While there are none, whatever comes before a held
   * block is held too.
   */
  synchronized void addHoles(int delta) {
    boolean before = holes != 0;
    holes += delta;
    long bit = 1L << number;
    if (!retired && before != (holes != 0)) {
      holey.accumulateAndGet(number >>> 6, bit, (set, b) -> set ^ b);
    }
  }

  /** Leaves the set of columns with holes for good, so that the number can be given again. */
  synchronized void retire() {
    addHoles(-holes);
    retired = true;
  }
}
