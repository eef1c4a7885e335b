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
  private final BusyPeriod period;
  private final ArrayDeque<Reservation> queue = new ArrayDeque<>();

  PrefillQueue(LoadTable loads, int slot, BusyPeriod period) {
    this.loads = loads;
    this.slot = slot;
    this.period = period;
  }

  int size() {
    return queue.size();
  }

  void add(Reservation reservation, long nowNanos) {
    period.queued(nowNanos);
    if (!reservation.streamed) {
      period.disturb();
    }
    queue.addLast(reservation);
    if (queue.size() == 1) {
      turn(nowNanos);
    } else {
      loads.workBehind[slot] += reservation.work;
    }
  }

  /**
   * A request has its first token, or has ended before it.
   *
   * @param done whether its work was done whole
   */
  void remove(Reservation reservation, boolean done, long nowNanos) {
    if (queue.peekFirst() == reservation) {
      queue.removeFirst();
      turn(nowNanos);
    } else if (queue.removeLastOccurrence(reservation)) {
      loads.workBehind[slot] = queue.size() <= 1 ? 0 : loads.workBehind[slot] - reservation.work;
    } else {
      return;
    }
    if (!done) {
      period.disturb();
    }
    period.left(done ? reservation.work : 0, queue.size(), nowNanos);
  }

  /** Takes those for prefilled of whose first token nobody tells and whose time is over. */
  void settle(long nowNanos) {
    while (loads.settleNanos[slot] <= nowNanos) {
      Reservation reservation = queue.removeFirst();
      long then = loads.settleNanos[slot];
      turn(then);
      period.disturb();
      period.left(0, queue.size(), then);
      reservation.state = Reservation.State.DECODING;
      loads.decoding[slot] += reservation.choices;
    }
  }

  /** The first in the queue has its turn. */
  private void turn(long nowNanos) {
    Reservation first = queue.peekFirst();
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
