package io.kvroute.router.route;

import java.util.List;

/**
 * Walks over a model's hash ring. The ring is rebuilt when replicas join or leave the model's pool.
 * A walk costs O(candidates), and O(points of the ring) at worst. Guarded by the router's lock.
 */
final class RingWalk {

  private HashRing ring = new HashRing(List.of());
  private int version = -1;

  /** One more than the position of each candidate, by slot; 0 for a slot that is no candidate. */
  private int[] positionBySlot = {};

  /**
   * The first candidate with room, walking from a key's place on the ring.
   *
   * @param maxRequests requests that a replica may have for each unit of weight, this one included
   * @return a position; that of the first candidate where none has room
   */
  int firstWithRoom(Candidates candidates, long key, double maxRequests) {
    prepare(candidates);
    int start = ring.start(key);
    int first = -1;
    for (int step = 0; step < ring.size(); step++) {
      int position = positionBySlot[ring.slot(start, step)] - 1;
      if (position < 0) {
        continue;
      }
      if (hasRoom(candidates, position, maxRequests)) {
        clear(candidates);
        return position;
      }
      first = first < 0 ? position : first;
    }
    clear(candidates);
    return Math.max(0, first);
  }

  private static boolean hasRoom(Candidates candidates, int position, double maxRequests) {
    int slot = candidates.slots[position];
    LoadTable loads = candidates.loads;
    return loads.inflight[slot] + 1 <= Math.ceil(maxRequests * loads.weight[slot]);
  }

  private void prepare(Candidates candidates) {
    if (version != candidates.pool.version()) {
      version = candidates.pool.version();
      ring = new HashRing(candidates.pool.replicas());
    }
    if (positionBySlot.length < candidates.loads.weight.length) {
      positionBySlot = new int[candidates.loads.weight.length];
    }
    for (int i = 0; i < candidates.count; i++) {
      positionBySlot[candidates.slots[i]] = i + 1;
    }
  }

  private void clear(Candidates candidates) {
    for (int i = 0; i < candidates.count; i++) {
      positionBySlot[candidates.slots[i]] = 0;
    }
  }
}
