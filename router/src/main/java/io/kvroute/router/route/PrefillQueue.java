package io.kvroute.router.route;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The requests at a replica that have no first token yet, in the order in which they were sent. An
 * engine prefills them in about this order, so the first is taken to be in progress. Keeps the
 * replica's figures in the load table. Guarded by the router's lock.
 *
 * <p>A request is disturbed when its time to first token says nothing about the replica's speed,
 * because work that the router did not see preceded it. The queue counts disturbances; a request
 * that leaves the queue was disturbed if the count has risen since it joined.
 *
 * <p>Cost: joining and disturbing O(1), leaving O(length of the queue).
 *
 * <pre>
 *   A (500 tokens of work), B (300), C (200) join   prefilling 500, queued 500
 *   B's client leaves                               prefilling 500, queued 200; A and C disturbed
 *   A has its first token                           prefilling 200, queued 0
 *   C is not streamed: 200·β + a seconds later      prefilling 0, C counts as decoding
 * </pre>
 */
final class PrefillQueue {

  private final LoadTable loads;
  private final int slot;
  private final ArrayDeque<Reservation> queue = new ArrayDeque<>();
  private int unstreamed;
  private long disturbances;

  PrefillQueue(LoadTable loads, int slot) {
    this.loads = loads;
    this.slot = slot;
  }

  /** Whether some request gives no first-token signal, so that its prefill is only estimated. */
  boolean hasUnstreamed() {
    return unstreamed > 0;
  }

  /** The longest predicted time to first token of the streamed requests in the queue. */
  double longestPredictedSeconds() {
    double longest = 0;
    for (Reservation reservation : queue) {
      if (reservation.streamed) {
        longest = Math.max(longest, reservation.predicted.ttftSeconds());
      }
    }
    return longest;
  }

  void add(Reservation reservation, long nowNanos) {
    reservation.disturbancesBefore = disturbances;
    unstreamed += reservation.streamed ? 0 : 1;
    queue.addLast(reservation);
    if (queue.size() == 1) {
      startFirst(nowNanos);
    } else {
      loads.waiting[slot] = queue.size();
      loads.queuedWork[slot] += reservation.predicted.work();
    }
  }

  /**
   * Removes a request that has its first token, or has ended without one. No effect on a request
   * that has left the queue.
   *
   * @param done whether its prefill was completed; else the requests behind it are disturbed
   */
  void remove(Reservation reservation, boolean done, long nowNanos) {
    if (queue.peekFirst() == reservation) {
      queue.removeFirst();
      startFirst(nowNanos);
    } else if (queue.removeLastOccurrence(reservation)) {
      loads.waiting[slot] = queue.size();
      loads.queuedWork[slot] =
          queue.size() <= 1 ? 0 : loads.queuedWork[slot] - reservation.predicted.work();
    } else {
      return;
    }
    left(reservation);
    if (!done) {
      disturb();
    }
  }

  /** Nothing can be learned from the times to first token of the requests that now wait. */
  void disturb() {
    disturbances++;
  }

  /**
   * Non-streamed requests give no first-token signal: treats them as prefilled once their estimate
   * has elapsed.
   */
  void assumePrefilled(long nowNanos) {
    while (loads.assumedPrefilledNanos[slot] <= nowNanos) {
      Reservation reservation = queue.removeFirst();
      startFirst(loads.assumedPrefilledNanos[slot]);
      left(reservation);
      reservation.state = Reservation.State.DECODING;
      loads.decoding[slot] += reservation.choices;
    }
  }

  private void left(Reservation reservation) {
    unstreamed -= reservation.streamed ? 0 : 1;
    reservation.disturbed |= reservation.disturbancesBefore != disturbances;
  }

  /** Enters the new first of the queue in the load table. */
  private void startFirst(long nowNanos) {
    Reservation first = queue.peekFirst();
    loads.waiting[slot] = queue.size();
    loads.prefillingSinceNanos[slot] = nowNanos;
    loads.prefillingWork[slot] = first == null ? 0 : first.predicted.work();
    double queued = 0;
    Iterator<Reservation> each = queue.iterator();
    if (each.hasNext()) {
      each.next();
    }
    while (each.hasNext()) {
      queued += each.next().predicted.work();
    }
    loads.queuedWork[slot] = queued;
    loads.assumedPrefilledNanos[slot] =
        first == null || first.streamed
            ? Long.MAX_VALUE
            : nowNanos + (long) (1e9 * CostModel.idleSeconds(loads, slot, first.predicted.work()));
  }
}
