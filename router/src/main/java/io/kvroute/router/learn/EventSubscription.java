package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.route.EventTrust;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMonitor;

/**
 * The sockets of one data-parallel rank: a SUB socket for published batches and a {@link
 * ReplayRequester} for lost ones. Both feed one {@link EventStream}. Confined to the listener's
 * thread.
 */
final class EventSubscription implements AutoCloseable {

  /**
   * JeroMQ 0.6 sometimes stalls between TCP's handshake and its own, on JDK 25 in one connection of
   * ten; this limit makes it connect again.
   */
  static final int HANDSHAKE_MILLIS = 1_000;

  private static final int MAX_QUEUED_MESSAGES = 100_000;

  /** Messages read at a time, so that a busy engine does not keep others waiting. */
  private static final int MESSAGES_PER_READ = 1_000;

  private final EventEndpoint endpoint;
  private final EventObserver observer;
  private final ZMQ.Poller poller;
  private final EventView view;
  private final EventStream stream;
  private final ZMQ.Socket live;
  private final @Nullable ReplayRequester replay;

  /** The poller's handle of the socket. (An index would change when another socket leaves.) */
  private final ZMQ.PollItem liveItem;

  private final AtomicBoolean disconnected = new AtomicBoolean();
  private final AtomicBoolean connected = new AtomicBoolean();
  private EventStatus status = EventStatus.SILENT;

  /** The trust at the last read: an empty replay changes nothing else. */
  private EventTrust lastTrust = EventTrust.NONE;

  /**
   * Subscribes to an endpoint.
   *
   * @param endpoint with addresses, as host names would be resolved on this thread
   * @throws ZMQException if it cannot be bound
   * @throws IllegalArgumentException if it is malformed
   */
  EventSubscription(
      ListenerLoop loop,
      EventEndpoint endpoint,
      EventView view,
      EventTarget target,
      EventObserver observer) {
    this.poller = loop.poller();
    this.endpoint = endpoint;
    this.observer = observer;
    this.view = view;
    String replayEndpoint = endpoint.replay();
    this.replay =
        replayEndpoint == null
            ? null
            : new ReplayRequester(loop, replayEndpoint, observer, new ReplayReceiver());
    this.stream =
        new EventStream(view, target, observer, replay == null ? null : this::requestReplay);
    this.live = loop.context().createSocket(SocketType.SUB);
    live.setRcvHWM(MAX_QUEUED_MESSAGES);
    live.setHandshakeIvl(HANDSHAKE_MILLIS);
    live.setReconnectIVLMax(1_000);
    live.setEventHook(this::connectionChanged, ZMQ.EVENT_CONNECTED | ZMQ.EVENT_DISCONNECTED);
    live.subscribe(ZMQ.SUBSCRIPTION_ALL);
    live.setIPv6(isIpv6(endpoint.live()));
    try {
      open(endpoint);
    } catch (RuntimeException e) {
      live.close();
      throw e;
    }
    liveItem = register(poller, live);
    try {
      stream.requestHistory();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  static boolean isIpv6(String endpoint) {
    return endpoint.contains("[");
  }

  static ZMQ.PollItem register(ZMQ.Poller poller, ZMQ.Socket socket) {
    ZMQ.PollItem item = new ZMQ.PollItem(socket, ZMQ.Poller.POLLIN);
    poller.register(item);
    return item;
  }

  private void open(EventEndpoint address) {
    if (address.engineConnects()) {
      live.bind(address.live());
    } else {
      live.connect(address.live());
    }
  }

  /** Called on JeroMQ's network thread. */
  private void connectionChanged(ZEvent event) {
    boolean opened = event.getEvent() == ZMonitor.Event.CONNECTED;
    connected.set(opened);
    if (!opened) {
      disconnected.set(true);
    }
  }

  /** Whether there is no connection to the engine now. */
  boolean isBroken() {
    return !endpoint.engineConnects() && !connected.get();
  }

  /** Reads what has arrived, without waiting; returns whether the stream's state changed. */
  boolean receive(long nowNanos) {
    long before = stream.batches();
    if (liveItem.isReadable()) {
      receiveLive();
    }
    if (replay != null) {
      replay.receive(nowNanos);
    }
    EventStatus newStatus = stream.status();
    EventTrust newTrust = stream.trust();
    boolean changed =
        before != stream.batches() || !newStatus.equals(status) || newTrust != lastTrust;
    status = newStatus;
    lastTrust = newTrust;
    return changed;
  }

  private void receiveLive() {
    EventFrames message = EventFrames.read(live);
    for (int n = 1; message != null; n++) {
      if (disconnected.getAndSet(false)) {
        stream.connectionBroke();
      }
      try {
        stream.live(message.number(), message.batch());
      } catch (MalformedEventException e) {
        observer.malformed(String.valueOf(e.getMessage()));
      }
      message = n < MESSAGES_PER_READ ? EventFrames.read(live) : null;
    }
  }

  EventStatus status() {
    return status;
  }

  EventTrust trust() {
    return stream.trust();
  }

  long batches() {
    return stream.batches();
  }

  void processRestarted(double startedAtSeconds) {
    stream.processRestarted(startedAtSeconds);
  }

  private void requestReplay() {
    if (replay != null) {
      replay.request(stream.nextNumber());
    }
  }

  private final class ReplayReceiver implements ReplayRequester.Receiver {
    @Override
    public void batch(EventFrames message) {
      try {
        stream.replayed(message.number(), message.batch());
      } catch (MalformedEventException e) {
        observer.malformed(String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void ended() {
      stream.replayEnded();
    }

    @Override
    public void failed() {
      stream.replayFailed();
    }
  }

  @Override
  public void close() {
    poller.unregister(live);
    live.close();
    if (replay != null) {
      replay.close();
    }
    view.clear();
  }
}
