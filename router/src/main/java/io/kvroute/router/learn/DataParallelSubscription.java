package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.route.EventTrust;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.zeromq.ZMQException;

/** The subscriptions to one replica's data-parallel ranks. Confined to the listener's thread. */
final class DataParallelSubscription implements AutoCloseable {

  private final List<EventSubscription> ranks = new ArrayList<>();

  /**
   * Subscribes to all ranks.
   *
   * @param endpoints one for each rank, with addresses instead of host names
   * @throws ZMQException if an endpoint cannot be bound
   * @throws IllegalArgumentException if an endpoint is malformed
   */
  DataParallelSubscription(
      ListenerLoop loop,
      List<EventEndpoint> endpoints,
      EventTarget target,
      EventObserver observer) {
    DataParallelBlocks blocks = new DataParallelBlocks(target);
    boolean onlyRank = endpoints.size() == 1;
    try {
      for (EventEndpoint endpoint : endpoints) {
        EventView view = new EventView(blocks, true, onlyRank);
        ranks.add(new EventSubscription(loop, endpoint, view, target, observer));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Reads what has arrived, without waiting; returns whether any state changed. */
  boolean receive(long nowNanos) {
    boolean news = false;
    for (EventSubscription rank : ranks) {
      news |= rank.receive(nowNanos);
    }
    return news;
  }

  void processRestarted(double startedAtSeconds) {
    ranks.forEach(rank -> rank.processRestarted(startedAtSeconds));
  }

  /** Whether any connection is broken or was never made. */
  boolean isBroken() {
    return ranks.stream().anyMatch(EventSubscription::isBroken);
  }

  /** The combined state of all ranks. */
  EventStatus status() {
    return ranks.stream()
        .map(EventSubscription::status)
        .reduce(EventStatus::combinedWith)
        .orElseThrow();
  }

  /** The combined trust in all ranks: complete only if each rank is. */
  EventTrust trust() {
    return combine(ranks.stream().map(EventSubscription::trust).toList());
  }

  /** Complete if all ranks are, none if no rank is trusted, else partial. */
  static EventTrust combine(Collection<EventTrust> ranks) {
    if (ranks.stream().allMatch(trust -> trust == EventTrust.COMPLETE)) {
      return ranks.isEmpty() ? EventTrust.NONE : EventTrust.COMPLETE;
    }
    return ranks.stream().allMatch(trust -> trust == EventTrust.NONE)
        ? EventTrust.NONE
        : EventTrust.PARTIAL;
  }

  /** Batches received from all ranks. */
  long batches() {
    return ranks.stream().mapToLong(EventSubscription::batches).sum();
  }

  @Override
  public void close() {
    ranks.forEach(EventSubscription::close);
  }
}
