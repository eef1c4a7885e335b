package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.guard.Guards;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * Receives the KV events of many vLLM replicas over ZMQ and enters them in the index, on one thread
 * of its own, which reads what has arrived and never waits for a single replica. Methods may be
 * called from any thread and return before they have taken effect.
 */
public final class EventListener implements AutoCloseable {

  /** How long a change of subscriptions may wait, and how late a silent replay may be noticed. */
  private static final int POLL_MILLIS = 50;

  private static final String TASK = "kv-events";

  private final ZContext context = new ZContext();
  private final EndpointResolver resolver = new EndpointResolver();
  private final LongSupplier clockNanos;
  private final Guards guards;
  private final Guard guard;
  private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
  private final Map<ReplicaId, ReplicaSubscription> subscriptions = new ConcurrentHashMap<>();
  private final ZMQ.Poller zmqPoller = context.createPoller(16);
  private final ListenerLoop loop = new ListenerLoop(context, zmqPoller, resolver, changes);
  private final Thread thread = new Thread(this::run, TASK);
  private volatile boolean closed;

  public EventListener(LongSupplier clockNanos, Guards guards) {
    this.clockNanos = clockNanos;
    this.guards = guards;
    this.guard = guards.guard(TASK, "all replicas");
    thread.setDaemon(true);
    thread.start();
  }

  /** Subscribes to a replica. Its earlier subscription, if any, ends. */
  public void subscribe(EventSource source, EventTarget target, EventObserver observer) {
    Guard own = guards.guard(TASK, source.replica());
    ReplicaSubscription subscription = new ReplicaSubscription(loop, source, target, observer, own);
    changes.add(
        () -> {
          end(source.replica());
          subscriptions.put(source.replica(), subscription);
        });
  }

  public void unsubscribe(ReplicaId replica) {
    changes.add(() -> end(replica));
  }

  /**
   * The replica's process has restarted.
   *
   * @param startedAtSeconds Unix time of the start, on the engine's clock; 0 if unknown
   * @param done run once all blocks of the old process are removed
   */
  public void processRestarted(ReplicaId replica, double startedAtSeconds, Runnable done) {
    changes.add(
        () -> {
          ReplicaSubscription subscription = subscriptions.get(replica);
          if (subscription != null) {
            subscription.processRestarted(startedAtSeconds, done);
          } else {
            done.run();
          }
        });
  }

  /** The state of a replica's stream, null if there is no subscription. */
  public @Nullable EventStatus status(ReplicaId replica) {
    ReplicaSubscription subscription = subscriptions.get(replica);
    return subscription == null ? null : subscription.status();
  }

  private void end(ReplicaId replica) {
    ReplicaSubscription old = subscriptions.remove(replica);
    if (old != null) {
      old.end();
    }
  }

  private void run() {
    while (!closed) {
      if (!guard.run(this::poll)) {
        rest();
      }
    }
    subscriptions.values().forEach(ReplicaSubscription::end);
    zmqPoller.close();
    context.close();
  }

  private void rest() {
    try {
      TimeUnit.MILLISECONDS.sleep(Math.min(POLL_MILLIS, guard.backoffLeftMillis()));
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void poll() {
    applyChanges();
    if (zmqPoller.getSize() > 0) {
      zmqPoller.poll(POLL_MILLIS);
    }
    long nowNanos = clockNanos.getAsLong();
    for (ReplicaSubscription subscription : subscriptions.values()) {
      subscription.poll(nowNanos);
    }
  }

  private void applyChanges() {
    try {
      for (Runnable change = nextChange(); change != null; change = changes.poll()) {
        change.run();
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Waits here while there is no socket, as a ZMQ poller without sockets would not wait. */
  private @Nullable Runnable nextChange() throws InterruptedException {
    if (subscriptions.isEmpty()) {
      return changes.take();
    }
    return zmqPoller.getSize() > 0
        ? changes.poll()
        : changes.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed = true;
    changes.add(() -> {}); // wakes a thread that waits for its first subscription
    resolver.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
