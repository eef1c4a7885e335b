package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * One rank's sockets: a SUB for what it publishes and, once batches were missing, a DEALER for
 * their replay (examples/features/kv_events in vLLM; a REQ would take only the first reply).
 * Confined to the listener's thread, but for {@link #status()}.
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

  private final ZContext context;
  private final EventEndpoint source;
  private final EventObserver observer;
  private final ZMQ.Poller poller;
  private final EventView view;
  private final EventStream stream;
  private final ZMQ.Socket live;
  private final AtomicBoolean disconnected = new AtomicBoolean();

  /** Stays open from the first replay on, as connecting takes longer than asking. */
  private ZMQ.@Nullable Socket replay;

  private boolean replaying;
  private long replayHeardNanos;
  private volatile EventStatus status = EventStatus.SILENT;

  EventSubscription(
      ZContext context,
      ZMQ.Poller poller,
      EventEndpoint source,
      EventView view,
      EventObserver observer) {
    this.context = context;
    this.poller = poller;
    this.source = source;
    this.observer = observer;
    Runnable ask = source.replay() == null ? null : this::askForReplay;
    this.view = view;
    this.stream = new EventStream(view, observer, ask);
    this.live = context.createSocket(SocketType.SUB);
    live.setRcvHWM(RECEIVE_LIMIT);
    live.setHandshakeIvl(HANDSHAKE_MILLIS);
    live.setReconnectIVLMax(1_000);
    live.setEventHook(event -> disconnected.set(true), ZMQ.EVENT_DISCONNECTED);
    live.subscribe(ZMQ.SUBSCRIPTION_ALL);
    live.setIPv6(source.live().contains("["));
    open();
    poller.register(live, ZMQ.Poller.POLLIN);
    stream.join();
  }

  private void open() {
    try {
      if (source.engineDials()) {
        live.bind(source.live());
      } else {
        live.connect(source.live());
      }
    } catch (ZMQException | IllegalArgumentException e) {
      live.close();
      throw e;
    }
  }

  /** Reads what has come, without waiting. */
  void receive(long nowNanos) {
    for (byte[][] message = read(live); message != null; message = read(live)) {
      if (disconnected.getAndSet(false)) {
        stream.connectionBroke();
      }
      take(message, false);
    }
    ZMQ.Socket dealer = replay;
    if (dealer != null) {
      receiveReplay(dealer, nowNanos);
    }
    if (status.lastNumber() != stream.expected() - 1 || status.state() != stream.state()) {
      status = stream.status();
    }
  }

  EventStatus status() {
    return status;
  }

  void startOver() {
    stream.startOver();
  }

  private void receiveReplay(ZMQ.Socket dealer, long nowNanos) {
    for (byte[][] reply = read(dealer); reply != null; reply = read(dealer)) {
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
    dealer.sendMore("");
    dealer.send(ByteBuffer.allocate(NUMBER_BYTES).putLong(stream.expected()).array());
    replaying = true;
    replayHeardNanos = 0;
  }

  private ZMQ.Socket openReplay() {
    ZMQ.Socket dealer = context.createSocket(SocketType.DEALER);
    dealer.setLinger(0);
    dealer.setHandshakeIvl(HANDSHAKE_MILLIS);
    dealer.setRcvHWM(0);
    dealer.connect(source.replay());
    poller.register(dealer, ZMQ.Poller.POLLIN);
    replay = dealer;
    return dealer;
  }

  private void closeReplay() {
    if (replay != null) {
      poller.unregister(replay);
      replay.close();
      replay = null;
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
