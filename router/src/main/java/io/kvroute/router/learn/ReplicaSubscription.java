package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.route.EventTrust;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQException;

/**
 * The subscription to one replica's events. After a fault it closes its own sockets and opens them
 * again later; other subscriptions are not affected. It also opens them again if the replica's host
 * name resolves to another address. Confined to the listener's thread, except {@link #status()}.
 */
final class ReplicaSubscription {

  /** The time between two look-ups of a host name while the connection is broken. */
  private static final long RESOLVE_INTERVAL_NANOS = 2_000_000_000L;

  /** A subscription counts as working after this time without a fault. */
  private static final long STABLE_NANOS = 60_000_000_000L;

  private final ListenerLoop loop;
  private final EventSource source;
  private final EventTarget target;
  private final EventObserver observer;
  private final Guard guard;
  private final boolean hasHostNames;

  private List<EventEndpoint> openEndpoints = List.of();
  private @Nullable DataParallelSubscription open;
  private boolean resolving;
  private boolean ended;
  private long resolvedNanos;
  private long openedNanos;
  private long lastPollNanos;
  private String lastProblem = "";
  private volatile EventStatus status = EventStatus.SILENT;

  ReplicaSubscription(
      ListenerLoop loop,
      EventSource source,
      EventTarget target,
      EventObserver observer,
      Guard guard) {
    this.loop = loop;
    this.source = source;
    this.target = target;
    this.observer = observer;
    this.guard = guard;
    this.hasHostNames = EndpointResolver.hasHostNames(source.endpoints());
  }

  /** Opens sockets, reads messages or resolves host names if due; does not wait. */
  void poll(long nowNanos) {
    lastPollNanos = nowNanos;
    DataParallelSubscription subscription = open;
    if (subscription == null) {
      if (!resolving && !guard.isBackingOff()) {
        begin(nowNanos);
      }
    } else if (!guard.attempt(() -> receive(subscription, nowNanos))) {
      close();
    } else if (hasHostNames
        && subscription.isBroken()
        && !resolving
        && nowNanos - resolvedNanos > RESOLVE_INTERVAL_NANOS) {
      resolve(nowNanos);
    }
  }

  private void receive(DataParallelSubscription subscription, long nowNanos) {
    if (subscription.receive(nowNanos)) {
      reportState(subscription);
    }
    if (nowNanos - openedNanos > STABLE_NANOS) {
      guard.succeeded();
    }
  }

  private void reportState(DataParallelSubscription subscription) {
    status = subscription.status();
    target.streamChanged(subscription.trust(), subscription.batches());
  }

  private void begin(long nowNanos) {
    if (hasHostNames) {
      resolve(nowNanos);
    } else {
      open(source.endpoints());
    }
  }

  private void resolve(long nowNanos) {
    resolving = true;
    resolvedNanos = nowNanos;
    loop.resolver()
        .resolve(source.endpoints(), resolved -> loop.changes().add(() -> resolved(resolved)));
  }

  private void resolved(EndpointResolver.Resolved resolved) {
    resolving = false;
    if (ended) {
      return;
    }
    if (resolved.problem() != null) {
      reportProblem(resolved.problem());
    }
    if (resolved.endpoints().isEmpty()) {
      if (open == null) {
        guard.failed();
        target.unreachable();
      }
    } else if (open == null) {
      open(resolved.endpoints());
    } else if (!resolved.endpoints().equals(openEndpoints)) {
      close();
      open(resolved.endpoints());
    }
  }

  private void open(List<EventEndpoint> endpoints) {
    try {
      openEndpoints = endpoints;
      openedNanos = lastPollNanos;
      open = new DataParallelSubscription(loop, endpoints, target, observer);
    } catch (ZMQException | IllegalArgumentException e) {
      guard.failed();
      target.unreachable();
      reportProblem(source.endpoints() + ": " + e.getMessage());
    }
  }

  /** Reports each problem once. */
  private void reportProblem(String problem) {
    if (!problem.equals(lastProblem)) {
      lastProblem = problem;
      observer.unreachable(problem);
    }
  }

  /** The replica's process has restarted. */
  void processRestarted(double startedAtSeconds, Runnable done) {
    DataParallelSubscription subscription = open;
    if (subscription != null
        && !guard.attempt(() -> subscription.processRestarted(startedAtSeconds))) {
      close();
    }
    done.run();
    if (open != null) {
      reportState(open);
    }
  }

  /** The stream's state. May be called from any thread. */
  EventStatus status() {
    return status;
  }

  /** Ends the subscription. */
  void end() {
    ended = true;
    close();
  }

  private void close() {
    DataParallelSubscription subscription = open;
    open = null;
    status = EventStatus.SILENT;
    if (subscription != null) {
      guard.attempt(() -> target.streamChanged(EventTrust.NONE, subscription.batches()));
      guard.attempt(subscription::close);
    }
  }
}
