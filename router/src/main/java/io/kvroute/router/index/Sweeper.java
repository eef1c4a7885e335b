package io.kvroute.router.index;

import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Removes retired slots from the tree's nodes, a bounded number of nodes at a time, and makes their
 * ids available again. One pass over all nodes serves all slots that were retired when it began.
 * Thread-safe.
 */
final class Sweeper {

  private final Segment[] segments;
  private final SlotTable slots;
  private final ReentrantLock lock = new ReentrantLock();
  private BitSet retired = new BitSet();
  private int segment;
  private int node;

  Sweeper(Segment[] segments, SlotTable slots) {
    this.segments = segments;
    this.slots = slots;
  }

  /** Sweeps a few nodes if a slot is retired and no other thread is sweeping. */
  void help(int nodes) {
    if (slots.anyRetired() && lock.tryLock()) {
      try {
        step(nodes);
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Sweeps at most so many nodes.
   *
   * @return whether nodes are left to sweep
   */
  boolean sweep(int nodes) {
    lock.lock();
    try {
      step(nodes);
    } finally {
      lock.unlock();
    }
    return slots.anyRetired();
  }

  private void step(int nodes) {
    if (retired.isEmpty()) {
      retired = slots.retired();
      segment = 0;
      node = 0;
    }
    if (retired.isEmpty()) {
      return;
    }
    int next = segments[segment].sweep(retired, node, nodes);
    if (next != NodeStore.NONE) {
      node = next;
    } else if (segment + 1 < segments.length) {
      segment++;
      node = 0;
    } else {
      slots.recycle(retired);
      retired = new BitSet();
    }
  }
}
