package io.kvroute.router.route;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The requests at a replica that lack their first token, in the order in which they were sent; an
 * engine prefills them in about this order. Keeps the replica's entries in the load table. Guarded
 * by the router's lock.
 */
final class PrefillQueue {

  private final LoadTable loads;
  private final int slot;
  private final ArrayDeque<Reservation> queue = new ArrayDeque<>();

  PrefillQueue(LoadTable loads, int slot) {
    this.loads = loads;
    this.slot = slot;
  }

  /** Whether some request's first token will not be seen, so that its time is estimated. */
  boolean hasUnseen() {
    for (Reservation reservation : queue) {
      if (!reservation.streamed) {
        return true;
      }
    }
    return false;
  }

  void add(Reservation reservation, long nowNanos) {
    queue.addLast(reservation);
    if (queue.size() == 1) {
      turn(nowNanos);
    } else {
      loads.waiting[slot] = queue.size();
      loads.workBehind[slot] += reservation.work;
    }
  }

  /**
   * A request has its first token, or has ended before it.
   *
   * @param done whether its work was done whole; where it was not, the times of those behind it
   *     tell nothing
   */
  void remove(Reservation reservation, boolean done, long nowNanos) {
    if (queue.peekFirst() == reservation) {
      queue.removeFirst();
      turn(nowNanos);
    } else if (queue.removeLastOccurrence(reservation)) {
      loads.waiting[slot] = queue.size();
      loads.workBehind[slot] = queue.size() <= 1 ? 0 : loads.workBehind[slot] - reservation.work;
    } else {
      return;
    }
    if (!done) {
      disturb();
    }
  }

  /** The first tokens of all that wait tell nothing of the replica's speed. */
  void disturb() {
    queue.forEach(Reservation::disturb);
  }

  /** Takes those for prefilled of whose first token nobody tells and whose time is over. */
  void settle(long nowNanos) {
    while (loads.settleNanos[slot] <= nowNanos) {
      Reservation reservation = queue.removeFirst();
      turn(loads.settleNanos[slot]);
      reservation.state = Reservation.State.DECODING;
      loads.decoding[slot] += reservation.choices;
    }
  }

  /** The first in the queue has its turn. */
  private void turn(long nowNanos) {
    Reservation first = queue.peekFirst();
    loads.waiting[slot] = queue.size();
    loads.aheadSinceNanos[slot] = nowNanos;
    loads.workAhead[slot] = first == null ? 0 : first.work;
    double behind = 0;
    Iterator<Reservation> each = queue.iterator();
    if (each.hasNext()) {
      each.next();
    }
    while (each.hasNext()) {
      behind += each.next().work;
    }
    loads.workBehind[slot] = behind;
    loads.settleNanos[slot] =
        first == null || first.streamed
            ? Long.MAX_VALUE
            : nowNanos + (long) (1e9 * CostModel.expectedSeconds(loads, slot, first.work));
  }
}
