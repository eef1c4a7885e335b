package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.route.EventTrust;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * One replica's events for as long as they are subscribed to. Whatever goes wrong with them ends no
 * more than its sockets, which are opened anew later; so they are where a name has come to mean
 * another address. Confined to the listener's thread, but for {@link #status()}.
 */
final class ReplicaSubscription {

  /** Between two look-ups of a name whose connection is broken. */
  private static final long LOOK_UP_NANOS = 2_000_000_000L;

  /** Open for so long without a fault, a subscription works. */
  private static final long STEADY_NANOS = 60_000_000_000L;

  private final ZContext context;
  private final ZMQ.Poller poller;
  private final EndpointResolver names;
  private final BlockingQueue<Runnable> changes;
  private final EventSource source;
  private final EventTarget target;
  private final EventObserver observer;
  private final Guard guard;
  private final boolean named;

  private List<EventEndpoint> at = List.of();
  private @Nullable RankedSubscription open;
  private boolean lookingUp;
  private boolean ended;
  private long lookedUpNanos;
  private long openedNanos;
  private long turnNanos;
  private String lastProblem = "";
  private volatile EventStatus status = EventStatus.SILENT;

  ReplicaSubscription(
      ZContext context,
      ZMQ.Poller poller,
      EndpointResolver names,
      BlockingQueue<Runnable> changes,
      EventSource source,
      EventTarget target,
      EventObserver observer,
      Guard guard) {
    this.context = context;
    this.poller = poller;
    this.names = names;
    this.changes = changes;
    this.source = source;
    this.target = target;
    this.observer = observer;
    this.guard = guard;
    this.named = EndpointResolver.anyIn(source.endpoints());
  }

  /** Does what is due, without waiting. */
  void turn(long nowNanos) {
    turnNanos = nowNanos;
    RankedSubscription subscription = open;
    if (subscription == null) {
      if (!lookingUp && !guard.isBackingOff()) {
        begin(nowNanos);
      }
    } else if (!guard.attempt(() -> receive(subscription, nowNanos))) {
      close();
    } else if (named
        && subscription.isBroken()
        && !lookingUp
        && nowNanos - lookedUpNanos > LOOK_UP_NANOS) {
      lookUp(nowNanos);
    }
  }

  private void receive(RankedSubscription subscription, long nowNanos) {
    if (subscription.receive(nowNanos)) {
      report(subscription);
    }
    if (nowNanos - openedNanos > STEADY_NANOS) {
      guard.succeeded();
    }
  }

  private void report(RankedSubscription subscription) {
    status = subscription.status();
    target.fared(subscription.trust(), subscription.batches());
  }

  private void begin(long nowNanos) {
    if (named) {
      lookUp(nowNanos);
    } else {
      open(source.endpoints());
    }
  }

  private void lookUp(long nowNanos) {
    lookingUp = true;
    lookedUpNanos = nowNanos;
    names.find(source.endpoints(), found -> changes.add(() -> found(found)));
  }

  private void found(EndpointResolver.Found found) {
    lookingUp = false;
    if (ended) {
      return;
    }
    if (found.problem() != null) {
      tell(found.problem());
    }
    if (found.endpoints().isEmpty()) {
      if (open == null) {
        guard.failed();
        target.unheard();
      }
    } else if (open == null) {
      open(found.endpoints());
    } else if (!found.endpoints().equals(at)) {
      close();
      open(found.endpoints());
    }
  }

  private void open(List<EventEndpoint> endpoints) {
    try {
      at = endpoints;
      openedNanos = turnNanos;
      open = new RankedSubscription(context, poller, endpoints, target, observer);
    } catch (ZMQException | IllegalArgumentException e) {
      guard.failed();
      target.unheard();
      tell(source.endpoints() + ": " + e.getMessage());
    }
  }

  /** Says each problem once. */
  private void tell(String problem) {
    if (!problem.equals(lastProblem)) {
      lastProblem = problem;
      observer.unheard(problem);
    }
  }

  /** The replica's process was seen to have started again. */
  void startOver(double startedAtSeconds, Runnable done) {
    RankedSubscription subscription = open;
    if (subscription != null && !guard.attempt(() -> subscription.startOver(startedAtSeconds))) {
      close();
    }
    done.run();
    if (open != null) {
      report(open);
    }
  }

  /** How it fares; from any thread. */
  EventStatus status() {
    return status;
  }

  /** Nobody is subscribed any more. */
  void end() {
    ended = true;
    close();
  }

  private void close() {
    RankedSubscription subscription = open;
    open = null;
    status = EventStatus.SILENT;
    if (subscription != null) {
      guard.attempt(() -> target.fared(EventTrust.NONE, subscription.batches()));
      guard.attempt(subscription::close);
    }
  }
}
