package io.kvroute.router.index;

import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes retired columns off the tree, a bounded piece at a time, and lets their numbers be given
 * again. One pass over all nodes serves all columns that were retired when it began. Thread-safe.
 */
final class Sweeper {

  private final Segment[] segments;
  private final SlotTable columns;
  private final ReentrantLock lock = new ReentrantLock();
  private BitSet gone = new BitSet();
  private int segment;
  private int node;

  Sweeper(Segment[] segments, SlotTable columns) {
    this.segments = segments;
    this.columns = columns;
  }

  /** Looks at a few nodes if there is something to do and no one else is at it. */
  void help(int nodes) {
    if (columns.anyRetired() && lock.tryLock()) {
      try {
        step(nodes);
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Looks at so many nodes, at most.
   *
   * @return whether something is left to do
   */
  boolean sweep(int nodes) {
    lock.lock();
    try {
      step(nodes);
    } finally {
      lock.unlock();
    }
    return columns.anyRetired();
  }

  private void step(int nodes) {
    if (gone.isEmpty()) {
      gone = columns.retired();
      segment = 0;
      node = 0;
    }
    if (gone.isEmpty()) {
      return;
    }
    int next = segments[segment].sweep(gone, node, nodes);
    if (next != NodeStore.NONE) {
      node = next;
    } else if (segment + 1 < segments.length) {
      segment++;
      node = 0;
    } else {
      columns.recycle(gone);
      gone = new BitSet();
    }
  }
}
