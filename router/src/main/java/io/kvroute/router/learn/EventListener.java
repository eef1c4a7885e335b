package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Listens to the KV events of many replicas and enters them in the index, on one thread of its own.
 * Its methods may be called from any thread and return before they have taken effect.
 */
public final class EventListener implements AutoCloseable {

  /** How long a change of subscriptions may wait, and how finely a silent replay is noticed. */
  private static final int POLL_MILLIS = 50;

  private final ZContext context = new ZContext();
  private final LongSupplier clockNanos;
  private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
  private final Map<ReplicaId, RankedSubscription> subscriptions = new ConcurrentHashMap<>();
  private final ZMQ.Poller poller = context.createPoller(16);
  private final Thread thread = new Thread(this::run, "kv-events");
  private volatile boolean closed;

  public EventListener(LongSupplier clockNanos) {
    this.clockNanos = clockNanos;
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins to listen; a subscription that the replica had before is ended. */
  public void subscribe(EventSource source, EventTarget target, EventObserver observer) {
    changes.add(
        () -> {
          end(source.replica());
          try {
            subscriptions.put(
                source.replica(),
                new RankedSubscription(context, poller, source, target, observer));
          } catch (ZMQException | IllegalArgumentException e) {
            observer.unheard(source.endpoints() + ": " + e.getMessage());
          }
        });
  }

  public void unsubscribe(ReplicaId replica) {
    changes.add(() -> end(replica));
  }

  /** The replica's process was seen to have started again. */
  public void startOver(ReplicaId replica) {
    changes.add(
        () -> {
          RankedSubscription subscription = subscriptions.get(replica);
          if (subscription != null) {
            subscription.startOver();
          }
        });
  }

  /** How the replica's stream fares, null where none is listened to. */
  public @Nullable EventStatus status(ReplicaId replica) {
    RankedSubscription subscription = subscriptions.get(replica);
    return subscription == null ? null : subscription.status();
  }

  private void end(ReplicaId replica) {
    RankedSubscription old = subscriptions.remove(replica);
    if (old != null) {
      old.close();
    }
  }

  private void run() {
    while (!closed) {
      applyChanges();
      poller.poll(POLL_MILLIS);
      long nowNanos = clockNanos.getAsLong();
      for (RankedSubscription subscription : subscriptions.values()) {
        subscription.receive(nowNanos);
      }
    }
    subscriptions.values().forEach(RankedSubscription::close);
    poller.close();
    context.close();
  }

  private void applyChanges() {
    try {
      // A poller without sockets would not wait.
      Runnable change = subscriptions.isEmpty() ? changes.take() : changes.poll();
      for (; change != null; change = changes.poll()) {
        change.run();
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  @Override
  public void close() {
    closed = true;
    changes.add(() -> {}); // wakes a listener that has nothing to listen to
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
