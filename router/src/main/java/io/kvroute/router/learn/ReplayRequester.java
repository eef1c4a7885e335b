package io.kvroute.router.learn;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * Requests lost batches from an engine's replay socket (examples/features/kv_events in vLLM). The
 * socket is a DEALER, as a REQ would receive only the first reply. It stays open from the first
 * request on, because connecting takes longer than asking. Confined to the listener's thread.
 */
final class ReplayRequester implements AutoCloseable {

  /** A replay that sends nothing for so long has failed. */
  private static final long SILENCE_NANOS = 5_000_000_000L;

  /** The number of the message that ends a replay. */
  private static final long END_OF_REPLAY = -1;

  /** Takes what a replay brings. */
  interface Receiver {
    void batch(EventFrames message);

    void ended();

    void failed();
  }

  private final ListenerLoop loop;
  private final String endpoint;
  private final EventObserver observer;
  private final Receiver receiver;
  private ZMQ.@Nullable Socket socket;
  private ZMQ.@Nullable PollItem item;
  private boolean replaying;

  /** When the replay last sent something, or was first waited for; 0 before. */
  private long lastHeardNanos;

  /**
   * Not connected yet.
   *
   * @param endpoint of the replay socket, with an address instead of a host name
   */
  ReplayRequester(ListenerLoop loop, String endpoint, EventObserver observer, Receiver receiver) {
    this.loop = loop;
    this.endpoint = endpoint;
    this.observer = observer;
    this.receiver = receiver;
  }

  /** Requests all batches from a number on. Fails at once if the socket cannot be opened. */
  void request(long firstNumber) {
    if (replaying) {
      close(); // its remaining replies answer another request
    }
    ZMQ.Socket dealer = socket != null ? socket : open();
    if (dealer == null) {
      receiver.failed();
      return;
    }
    dealer.sendMore("");
    dealer.send(ByteBuffer.allocate(EventFrames.NUMBER_BYTES).putLong(firstNumber).array());
    replaying = true;
    lastHeardNanos = 0;
  }

  /** Reads what has arrived, without waiting. */
  void receive(long nowNanos) {
    ZMQ.Socket dealer = socket;
    if (dealer == null) {
      return;
    }
    EventFrames reply = item != null && item.isReadable() ? EventFrames.read(dealer) : null;
    for (; reply != null; reply = EventFrames.read(dealer)) {
      lastHeardNanos = nowNanos;
      if (reply.number() == END_OF_REPLAY) {
        replaying = false;
        receiver.ended();
      } else {
        receiver.batch(reply);
      }
    }
    if (lastHeardNanos == 0) {
      lastHeardNanos = nowNanos;
    } else if (replaying && nowNanos - lastHeardNanos > SILENCE_NANOS) {
      close();
      receiver.failed();
    }
  }

  /** Opens the socket; null if that fails, so that lost batches cannot be had. */
  private ZMQ.@Nullable Socket open() {
    ZMQ.Socket dealer = loop.context().createSocket(SocketType.DEALER);
    dealer.setLinger(0);
    dealer.setHandshakeIvl(EventSubscription.HANDSHAKE_MILLIS);
    dealer.setRcvHWM(0);
    dealer.setIPv6(EventSubscription.isIpv6(endpoint));
    try {
      dealer.connect(endpoint);
    } catch (ZMQException | IllegalArgumentException e) {
      dealer.close();
      observer.unreachable(endpoint + ": " + e.getMessage());
      return null;
    }
    item = EventSubscription.register(loop.poller(), dealer);
    socket = dealer;
    return dealer;
  }

  @Override
  public void close() {
    if (socket != null) {
      loop.poller().unregister(socket);
      socket.close();
      socket = null;
      item = null;
    }
    replaying = false;
  }
}
