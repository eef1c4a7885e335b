package io.kvroute.router.route;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with
 * Bounded Loads"): a key's replica is the first on the ring after it that is not already loaded
 * beyond its share. Built for one set of candidates; their order does not matter.
 */
final class HashRing {

  private static final int VIRTUAL_NODES = 256;
  private static final double LOAD_FACTOR = 1.25;

  private record Point(long at, int slot) {}

  private final Point[] points;
  private final int[] slots;
  private final int[] candidateOfSlot;

  HashRing(Candidates candidates) {
    this.slots = slotsOf(candidates);
    int maxSlot = Arrays.stream(slots).max().orElse(0);
    this.candidateOfSlot = new int[maxSlot + 1];
    Point[] all = new Point[0];
    for (int i = 0; i < candidates.count(); i++) {
      ReplicaLedger ledger = candidates.ledger(i);
      int from = all.length;
      all = Arrays.copyOf(all, from + VIRTUAL_NODES * ledger.weight());
      for (int node = 0; from + node < all.length; node++) {
        all[from + node] = new Point(spread(ledger.ringSeed() + node), ledger.slot());
      }
    }
    Arrays.sort(all, Comparator.comparingLong(Point::at));
    this.points = all;
  }

  /** Whether it was built for exactly these replicas. */
  boolean isFor(Candidates candidates) {
    return Arrays.equals(slots, slotsOf(candidates));
  }

  /** The candidate for {@code key}. */
  int pick(long key, Candidates candidates) {
    long inflight = 1;
    int weights = 0;
    for (int i = 0; i < candidates.count(); i++) {
      candidateOfSlot[candidates.ledger(i).slot()] = i;
      inflight += candidates.ledger(i).inflight();
      weights += candidates.ledger(i).weight();
    }
    double share = LOAD_FACTOR * inflight / weights;
    int start = firstAtOrAfter(spread(key));
    for (int i = 0; i < points.length; i++) {
      int candidate = candidateOfSlot[points[(start + i) % points.length].slot()];
      ReplicaLedger ledger = candidates.ledger(candidate);
      if (ledger.inflight() + 1 <= Math.ceil(share * ledger.weight())) {
        return candidate;
      }
    }
    return candidateOfSlot[points[start % points.length].slot()];
  }

  private int firstAtOrAfter(long at) {
    int low = 0;
    int high = points.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points[middle].at() < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int[] slotsOf(Candidates candidates) {
    int[] slots = new int[candidates.count()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = candidates.ledger(i).slot();
    }
    return slots;
  }

  /** SplitMix64's finalizer, over steps of its golden gamma. */
  private static long spread(long value) {
    long mixed = value * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
