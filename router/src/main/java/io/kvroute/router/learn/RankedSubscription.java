package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.route.EventTrust;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * One replica's subscriptions, one for each of its data-parallel ranks. Confined to the listener's
 * thread.
 */
final class RankedSubscription implements AutoCloseable {

  private final List<EventSubscription> ranks = new ArrayList<>();

  /**
   * Listens to all ranks.
   *
   * @param endpoints one for each, by address
   * @throws ZMQException if an endpoint can't be bound
   * @throws IllegalArgumentException if one is none
   */
  RankedSubscription(
      ZContext context,
      ZMQ.Poller poller,
      List<EventEndpoint> endpoints,
      EventTarget target,
      EventObserver observer) {
    RankedBlocks holdings = new RankedBlocks(target);
    boolean alone = endpoints.size() == 1;
    try {
      for (EventEndpoint endpoint : endpoints) {
        EventView view = new EventView(holdings, true, alone);
        ranks.add(new EventSubscription(context, poller, endpoint, view, target, observer));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Reads what has come, without waiting; true if anything has. */
  boolean receive(long nowNanos) {
    boolean news = false;
    for (EventSubscription rank : ranks) {
      news |= rank.receive(nowNanos);
    }
    return news;
  }

  void startOver(double startedAtSeconds) {
    ranks.forEach(rank -> rank.startOver(startedAtSeconds));
  }

  /** Whether a connection is broken, or was never made. */
  boolean isBroken() {
    return ranks.stream().anyMatch(EventSubscription::isBroken);
  }

  /** How they fare, taken together. */
  EventStatus status() {
    return ranks.stream().map(EventSubscription::status).reduce(EventStatus::and).orElseThrow();
  }

  /** How far they can be believed together: whole only where each is. */
  EventTrust trust() {
    return together(ranks.stream().map(EventSubscription::trust).toList());
  }

  static EventTrust together(Collection<EventTrust> ranks) {
    if (ranks.stream().allMatch(trust -> trust == EventTrust.COMPLETE)) {
      return ranks.isEmpty() ? EventTrust.NONE : EventTrust.COMPLETE;
    }
    return ranks.stream().allMatch(trust -> trust == EventTrust.NONE)
        ? EventTrust.NONE
        : EventTrust.PARTIAL;
  }

  /** Batches heard from all of them. */
  long batches() {
    return ranks.stream().mapToLong(EventSubscription::batches).sum();
  }

  @Override
  public void close() {
    ranks.forEach(EventSubscription::close);
  }
}
