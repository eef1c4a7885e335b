package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * One replica's subscriptions, one for each of its data-parallel ranks. Confined to the listener's
 * thread, but for {@link #status()}.
 */
final class RankedSubscription implements AutoCloseable {

  private final List<EventSubscription> ranks = new ArrayList<>();

  /**
   * Listens to all ranks.
   *
   * @throws ZMQException if an endpoint can't be bound
   * @throws IllegalArgumentException if one is none
   */
  RankedSubscription(
      ZContext context,
      ZMQ.Poller poller,
      EventSource source,
      EventTarget target,
      EventObserver observer) {
    Holdings holdings = new Holdings(target);
    boolean alone = source.endpoints().size() == 1;
    try {
      for (EventEndpoint endpoint : source.endpoints()) {
        EventView view = new EventView(holdings, true, alone);
        ranks.add(new EventSubscription(context, poller, endpoint, view, observer));
      }
    } catch (ZMQException | IllegalArgumentException e) {
      close();
      throw e;
    }
  }

  void receive(long nowNanos) {
    ranks.forEach(rank -> rank.receive(nowNanos));
  }

  void startOver() {
    ranks.forEach(EventSubscription::startOver);
  }

  /** How they fare, taken together. */
  EventStatus status() {
    EventStatus all = ranks.getFirst().status();
    for (EventSubscription rank : ranks.subList(1, ranks.size())) {
      all = all.and(rank.status());
    }
    return all;
  }

  @Override
  public void close() {
    ranks.forEach(EventSubscription::close);
  }
}
