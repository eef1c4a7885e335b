package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.route.EventTrust;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMonitor;

/**
 * One rank's sockets: a SUB for what it publishes and, once batches were missing, a DEALER for
 * their replay (examples/features/kv_events in vLLM; a REQ would take only the first reply).
 * Confined to the listener's thread.
 */
final class EventSubscription implements AutoCloseable {

  private static final int NUMBER_BYTES = 8;
  private static final long REPLAY_SILENCE_NANOS = 5_000_000_000L;

  /**
   * JeroMQ 0.6 now and then stalls between TCP's handshake and its own, seen on JDK 25 in one
   * connection of ten; a short limit makes it connect again.
   */
  private static final int HANDSHAKE_MILLIS = 1_000;

  private static final long END_OF_REPLAY = -1;
  private static final int RECEIVE_LIMIT = 100_000;

  /** Messages read in one go, so that a talkative engine does not keep others waiting. */
  private static final int MESSAGES_AT_ONCE = 1_000;

  private final ZContext context;
  private final EventEndpoint source;
  private final EventObserver observer;
  private final ZMQ.Poller poller;
  private final EventView view;
  private final EventStream stream;
  private final ZMQ.Socket live;

  /** A number in the poller would move when another socket leaves it. */
  private final ZMQ.PollItem liveItem;

  private final AtomicBoolean disconnected = new AtomicBoolean();
  private final AtomicBoolean connected = new AtomicBoolean();

  /** Stays open from the first replay on, as connecting takes longer than asking. */
  private ZMQ.@Nullable Socket replay;

  private ZMQ.@Nullable PollItem replayItem;

  /** An empty replay changes nothing but this. */
  private EventTrust trustedBefore = EventTrust.NONE;

  private boolean replaying;
  private long replayHeardNanos;
  private EventStatus status = EventStatus.SILENT;

  /**
   * Listens at an endpoint.
   *
   * @param source by address, as names would be looked up on this thread
   * @throws ZMQException if it can't be bound
   * @throws IllegalArgumentException if it is none
   */
  EventSubscription(
      ZContext context,
      ZMQ.Poller poller,
      EventEndpoint source,
      EventView view,
      EventTarget target,
      EventObserver observer) {
    this.context = context;
    this.poller = poller;
    this.source = source;
    this.observer = observer;
    Runnable ask = source.replay() == null ? null : this::askForReplay;
    this.view = view;
    this.stream = new EventStream(view, target, observer, ask);
    this.live = context.createSocket(SocketType.SUB);
    live.setRcvHWM(RECEIVE_LIMIT);
    live.setHandshakeIvl(HANDSHAKE_MILLIS);
    live.setReconnectIVLMax(1_000);
    live.setEventHook(this::connectionChanged, ZMQ.EVENT_CONNECTED | ZMQ.EVENT_DISCONNECTED);
    live.subscribe(ZMQ.SUBSCRIPTION_ALL);
    live.setIPv6(isIpv6(source.live()));
    try {
      open(source);
    } catch (RuntimeException e) {
      live.close();
      throw e;
    }
    liveItem = register(live);
    try {
      stream.join();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static boolean isIpv6(String endpoint) {
    return endpoint.contains("[");
  }

  private ZMQ.PollItem register(ZMQ.Socket socket) {
    ZMQ.PollItem item = new ZMQ.PollItem(socket, ZMQ.Poller.POLLIN);
    poller.register(item);
    return item;
  }

  private void open(EventEndpoint endpoint) {
    if (endpoint.engineConnects()) {
      live.bind(endpoint.live());
    } else {
      live.connect(endpoint.live());
    }
  }

  /** Called on JeroMQ's network thread. */
  private void connectionChanged(ZEvent event) {
    boolean made = event.getEvent() == ZMonitor.Event.CONNECTED;
    connected.set(made);
    if (!made) {
      disconnected.set(true);
    }
  }

  /** Whether there is no connection to the engine now. */
  boolean isBroken() {
    return !source.engineConnects() && !connected.get();
  }

  /** Reads what has come, without waiting; true if that changed anything. */
  boolean receive(long nowNanos) {
    long before = stream.batches();
    if (liveItem.isReadable()) {
      receiveLive();
    }
    ZMQ.Socket dealer = replay;
    if (dealer != null) {
      receiveReplay(dealer, nowNanos);
    }
    EventStatus now = stream.status();
    EventTrust nowTrusted = stream.trust();
    boolean news = before != stream.batches() || !now.equals(status) || nowTrusted != trustedBefore;
    status = now;
    trustedBefore = nowTrusted;
    return news;
  }

  private void receiveLive() {
    byte[][] message = read(live);
    for (int n = 1; message != null; n++) {
      if (disconnected.getAndSet(false)) {
        stream.connectionBroke();
      }
      take(message, false);
      message = n < MESSAGES_AT_ONCE ? read(live) : null;
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

  void startOver(double startedAtSeconds) {
    stream.startOver(startedAtSeconds);
  }

  private void receiveReplay(ZMQ.Socket dealer, long nowNanos) {
    byte[][] reply = replayItem != null && replayItem.isReadable() ? read(dealer) : null;
    for (; reply != null; reply = read(dealer)) {
      replayHeardNanos = nowNanos;
      if (number(reply) == END_OF_REPLAY) {
        replaying = false;
        stream.replayEnded();
      } else {
        take(reply, true);
      }
    }
    if (replayHeardNanos == 0) {
      replayHeardNanos = nowNanos;
    } else if (replaying && nowNanos - replayHeardNanos > REPLAY_SILENCE_NANOS) {
      closeReplay();
      stream.replayFailed();
    }
  }

  private void askForReplay() {
    if (replaying) {
      closeReplay(); // what else it would send belongs to another question
    }
    ZMQ.Socket dealer = replay != null ? replay : openReplay();
    if (dealer == null) {
      stream.replayFailed();
      return;
    }
    dealer.sendMore("");
    dealer.send(ByteBuffer.allocate(NUMBER_BYTES).putLong(stream.expected()).array());
    replaying = true;
    replayHeardNanos = 0;
  }

  /** Null where it can't be reached: what was missed is then known not to be had. */
  private ZMQ.@Nullable Socket openReplay() {
    String endpoint = Objects.requireNonNull(source.replay());
    ZMQ.Socket dealer = context.createSocket(SocketType.DEALER);
    dealer.setLinger(0);
    dealer.setHandshakeIvl(HANDSHAKE_MILLIS);
    dealer.setRcvHWM(0);
    dealer.setIPv6(isIpv6(endpoint));
    try {
      dealer.connect(endpoint);
    } catch (ZMQException | IllegalArgumentException e) {
      dealer.close();
      observer.unheard(endpoint + ": " + e.getMessage());
      return null;
    }
    replayItem = register(dealer);
    replay = dealer;
    return dealer;
  }

  private void closeReplay() {
    if (replay != null) {
      poller.unregister(replay);
      replay.close();
      replay = null;
      replayItem = null;
    }
    replaying = false;
  }

  /** Number and payload are a message's last two frames, live and replayed, in every version. */
  private void take(byte[][] frames, boolean replayed) {
    try {
      if (frames.length < 2 || frames[frames.length - 2].length != NUMBER_BYTES) {
        throw new MalformedEventException("message of " + frames.length + " frames without number");
      }
      KvEvent.Batch batch = VllmEventDecoder.decode(frames[frames.length - 1]);
      if (replayed) {
        stream.replayed(number(frames), batch);
      } else {
        stream.live(number(frames), batch);
      }
    } catch (MalformedEventException e) {
      observer.malformed(String.valueOf(e.getMessage()));
    }
  }

  private static long number(byte[][] frames) {
    byte[] frame = frames.length < 2 ? new byte[0] : frames[frames.length - 2];
    return frame.length == NUMBER_BYTES ? ByteBuffer.wrap(frame).getLong() : 0;
  }

  private static byte @Nullable [][] read(ZMQ.Socket socket) {
    byte[] first = socket.recv(ZMQ.DONTWAIT);
    if (first == null) {
      return null;
    }
    ArrayList<byte[]> frames = new ArrayList<>(4);
    frames.add(first);
    while (socket.hasReceiveMore()) {
      frames.add(socket.recv());
    }
    return frames.toArray(new byte[0][]);
  }

  @Override
  public void close() {
    poller.unregister(live);
    live.close();
    closeReplay();
    view.clear();
  }
}
