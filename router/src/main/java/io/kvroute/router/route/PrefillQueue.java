package io.kvroute.router.route;

import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * The requests at a replica that have no first token yet, in the order in which they were sent. An
 * engine prefills them in about this order, so the first is taken to be in progress. Keeps the
 * replica's figures in the load table. Guarded by the router's lock.
 *
 * <p>A request is <em>disturbed</em> if work that the router does not know delays its first token,
 * so that its time to first token says nothing about the replica's speed. The router then learns
 * nothing from it. All requests in the queue are disturbed when a request leaves it without a first
 * token, or when the engine reports load of other clients. A request is disturbed from the start if
 * it has to wait for KV space, or if it joins while there is load of other clients or a
 * non-streamed request. To mark all requests in O(1), the queue counts disturbances: a request is
 * disturbed if the count has risen between its joining and its leaving.
 *
 * <p>Cost: every event is O(1). The sum of queued work is kept in whole millionths of a token, so
 * that it is exact however often requests join and leave.
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
  private final LinkedHashSet<Reservation> queue = new LinkedHashSet<>();

  /** Work of all requests in the queue, the first included, in millionths of a token. */
  private long microTokens;

  private int unstreamed;
  private long disturbances;

  PrefillQueue(LoadTable loads, int slot) {
    this.loads = loads;
    this.slot = slot;
  }

  /** Whether some request is not streamed, so that the end of its prefill is only estimated. */
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
    microTokens += microTokens(reservation);
    if (queue.size() == 1) {
      startFirst(nowNanos);
    } else {
      enterLoad();
    }
  }

  /**
   * Removes a request that has its first token, or has ended without one. No effect on a request
   * that has left the queue.
   *
   * @param done whether its prefill was completed; else the requests behind it are disturbed
   */
  void remove(Reservation reservation, boolean done, long nowNanos) {
    Reservation first = first();
    if (!queue.remove(reservation)) {
      return;
    }
    left(reservation);
    if (first == reservation) {
      startFirst(nowNanos);
    } else {
      enterLoad();
    }
    if (!done) {
      disturb();
    }
  }

  /** Marks all requests that now wait as disturbed. */
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
      left(reservation);
      startFirst(loads.assumedPrefilledNanos[slot]);
      reservation.state = Reservation.State.DECODING;
      loads.decoding[slot] += reservation.choices;
    }
  }

  private @Nullable Reservation first() {
    return queue.isEmpty() ? null : queue.getFirst();
  }

  private void left(Reservation reservation) {
    microTokens -= microTokens(reservation);
    unstreamed -= reservation.streamed ? 0 : 1;
    reservation.disturbed |= reservation.disturbancesBefore != disturbances;
  }

  /** Enters the new first of the queue in the load table. */
  private void startFirst(long nowNanos) {
    Reservation first = first();
    loads.prefillingSinceNanos[slot] = nowNanos;
    loads.prefillingWork[slot] = first == null ? 0 : first.predicted.work();
    loads.assumedPrefilledNanos[slot] =
        first == null || first.streamed
            ? Long.MAX_VALUE
            : nowNanos + (long) (1e9 * CostModel.idleSeconds(loads, slot, first.predicted.work()));
    enterLoad();
  }

  /** Enters in the load table how much waits behind the first. */
  private void enterLoad() {
    Reservation first = first();
    long behind = first == null ? 0 : microTokens - microTokens(first);
    loads.waiting[slot] = queue.size();
    loads.queuedWork[slot] = behind * 1e-6;
  }

  private static long microTokens(Reservation reservation) {
    return Math.round(reservation.predicted.work() * 1e6);
  }
}
