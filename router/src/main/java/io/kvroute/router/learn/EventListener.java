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
 * Listens to the KV events of many replicas and enters them in the index, on one thread of its own,
 * which reads what is there and never waits for one of them. Its methods may be called from any
 * thread and return before they have taken effect.
 */
public final class EventListener implements AutoCloseable {

  /** How long a change of subscriptions may wait, and how finely a silent replay is noticed. */
  private static final int POLL_MILLIS = 50;

  private static final String TASK = "kv-events";

  private final ZContext context = new ZContext();
  private final EndpointResolver names = new EndpointResolver();
  private final LongSupplier clockNanos;
  private final Guards guards;
  private final Guard guard;
  private final BlockingQueue<Runnable> changes = new LinkedBlockingQueue<>();
  private final Map<ReplicaId, ReplicaSubscription> hearings = new ConcurrentHashMap<>();
  private final ZMQ.Poller poller = context.createPoller(16);
  private final Thread thread = new Thread(this::run, TASK);
  private volatile boolean closed;

  public EventListener(LongSupplier clockNanos, Guards guards) {
    this.clockNanos = clockNanos;
    this.guards = guards;
    this.guard = guards.guard(TASK, "all replicas");
    thread.setDaemon(true);
    thread.start();
  }

  /** Begins to listen; a subscription that the replica had before is ended. */
  public void subscribe(EventSource source, EventTarget target, EventObserver observer) {
    Guard own = guards.guard(TASK, source.replica());
    ReplicaSubscription hearing =
        new ReplicaSubscription(context, poller, names, changes, source, target, observer, own);
    changes.add(
        () -> {
          end(source.replica());
          hearings.put(source.replica(), hearing);
        });
  }

  public void unsubscribe(ReplicaId replica) {
    changes.add(() -> end(replica));
  }

  /**
   * The replica's process was seen to have started again.
   *
   * @param startedAtSeconds Unix time, on the engine's clock; 0 where it is not known
   * @param done run once nothing is left of what the old process told
   */
  public void startOver(ReplicaId replica, double startedAtSeconds, Runnable done) {
    changes.add(
        () -> {
          ReplicaSubscription hearing = hearings.get(replica);
          if (hearing != null) {
            hearing.startOver(startedAtSeconds, done);
          } else {
            done.run();
          }
        });
  }

  /** How the replica's stream fares, null where none is listened to. */
  public @Nullable EventStatus status(ReplicaId replica) {
    ReplicaSubscription hearing = hearings.get(replica);
    return hearing == null ? null : hearing.status();
  }

  private void end(ReplicaId replica) {
    ReplicaSubscription old = hearings.remove(replica);
    if (old != null) {
      old.end();
    }
  }

  private void run() {
    while (!closed) {
      if (!guard.run(this::turn)) {
        rest();
      }
    }
    hearings.values().forEach(ReplicaSubscription::end);
    poller.close();
    context.close();
  }

  private void rest() {
    try {
      TimeUnit.MILLISECONDS.sleep(Math.min(POLL_MILLIS, guard.backoffLeftMillis()));
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  private void turn() {
    applyChanges();
    if (poller.getSize() > 0) {
      poller.poll(POLL_MILLIS);
    }
    long nowNanos = clockNanos.getAsLong();
    for (ReplicaSubscription hearing : hearings.values()) {
      hearing.turn(nowNanos);
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

  /** A poller without sockets would not wait. */
  private @Nullable Runnable nextChange() throws InterruptedException {
    if (hearings.isEmpty()) {
      return changes.take();
    }
    return poller.getSize() > 0 ? changes.poll() : changes.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed = true;
    changes.add(() -> {}); // wakes a listener that has nothing to listen to
    names.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
