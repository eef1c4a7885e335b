package io.kvroute.router.route;

import java.util.List;

/** A model's hash ring and walks on it over the candidates; the ring follows the members. */
final class RingWalk {

  private HashRing ring = new HashRing(List.of());
  private int version = -1;
  private int[] positionBySlot = {};

  /**
   * The first candidate on the way from a key's place, of those with room.
   *
   * @param mostRequests per unit of weight, how many requests a replica may have with this one
   * @return a position; of whichever comes first where none has room
   */
  int firstWithRoom(Candidates candidates, long key, double mostRequests) {
    prepare(candidates);
    int start = ring.start(key);
    int first = -1;
    for (int step = 0; step < ring.size(); step++) {
      int position = positionBySlot[ring.slot(start, step)] - 1;
      if (position < 0) {
        continue;
      }
      if (hasRoom(candidates, position, mostRequests)) {
        clear(candidates);
        return position;
      }
      first = first < 0 ? position : first;
    }
    clear(candidates);
    return Math.max(0, first);
  }

  private static boolean hasRoom(Candidates candidates, int position, double mostRequests) {
    int slot = candidates.slots[position];
    LoadTable loads = candidates.loads;
    return loads.inflight[slot] + 1 <= Math.ceil(mostRequests * loads.weight[slot]);
  }

  private void prepare(Candidates candidates) {
    if (version != candidates.pool.version()) {
      version = candidates.pool.version();
      ring = new HashRing(candidates.pool.members());
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
