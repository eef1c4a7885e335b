package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.events.KvEventBatch;
import io.kvroute.loadtest.events.VllmEventWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * Publishes KV events over ZMQ and replays them on request, as vLLM 0.32 does
 * (vllm/distributed/kv_events.py). A PUB socket sends frames {@code topic, seq, payload}. A ROUTER
 * socket answers {@code "", startSeq} with {@code "", topic, seq, payload} for each kept batch,
 * then an end marker. One thread owns both sockets and serves replays between publications.
 */
final class KvEventPublisher implements AutoCloseable {

  private static final long REPLAY_POLL_MILLIS = 20;
  private static final byte[] NOTHING = {};
  private static final byte[] END = {-1, -1, -1, -1, -1, -1, -1, -1};

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Kept(long sequence, byte[] payload) {}

  private final KvEventOptions options;
  private final byte[] topic;
  private final ZContext context = new ZContext();
  private final ZMQ.Socket publisher;
  private final ZMQ.@Nullable Socket replay;
  private final String endpoint;
  private final @Nullable String replayEndpoint;
  private final BlockingQueue<KvEventBatch> queue = new LinkedBlockingQueue<>();
  private final Deque<Kept> kept = new ArrayDeque<>();
  private final AtomicReference<KvEventFaults> faults = new AtomicReference<>(KvEventFaults.NONE);
  private final Thread thread;
  private volatile boolean closed;
  private volatile long nextSequence;

  /**
   * Binds the sockets.
   *
   * @throws IllegalArgumentException if an endpoint cannot be bound
   */
  KvEventPublisher(KvEventOptions options) {
    this.options = options;
    this.topic = options.topic().getBytes(StandardCharsets.UTF_8);
    String replayAt = options.replay();
    try {
      publisher = context.createSocket(SocketType.PUB);
      publisher.setHWM(options.highWaterMark());
      this.endpoint = bind(publisher, options.endpoint());
      if (replayAt == null) {
        this.replay = null;
        this.replayEndpoint = null;
      } else {
        ZMQ.Socket router = context.createSocket(SocketType.ROUTER);
        router.setHWM(2 * (options.bufferSteps() + 1));
        this.replayEndpoint = bind(router, replayAt);
        this.replay = router;
      }
    } catch (RuntimeException e) {
      context.close();
      throw new IllegalArgumentException(
          "kvEvents: %s, %s (expected: endpoints to bind): %s"
              .formatted(options.endpoint(), replayAt, e.getMessage()),
          e);
    }
    thread = Thread.ofPlatform().name("kv-events").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Number of batches so far, including lost ones. Callable from any thread. */
  long published() {
    return nextSequence;
  }

  KvEventOptions options() {
    return options;
  }

  /** Sets the faults. Callable from any thread. */
  void setFaults(KvEventFaults newFaults) {
    faults.set(newFaults);
  }

  /** The endpoint of the publisher, with the actual port. */
  String endpoint() {
    return endpoint;
  }

  /** The endpoint for replays, with the actual port; null for none. */
  @Nullable String replayEndpoint() {
    return replayEndpoint;
  }

  /** Queues a step's events for publication. Callable from any thread. */
  void publish(List<EngineKvEvent> events) {
    queue.add(new KvEventBatch(System.currentTimeMillis() / 1e3, events, 0));
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    context.close();
  }

  private static String bind(ZMQ.Socket socket, String endpoint) {
    socket.setLinger(0);
    String any =
        endpoint.endsWith(":0") ? endpoint.substring(0, endpoint.length() - 1) + "*" : endpoint;
    socket.bind(any);
    return socket.getLastEndpoint();
  }

  private void run() {
    while (!closed) {
      try {
        KvEventBatch batch = queue.poll(REPLAY_POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (batch != null) {
          send(batch);
        }
      } catch (InterruptedException e) {
        return;
      }
      if (replay != null) {
        serveReplays(replay);
      }
    }
  }

  private void send(KvEventBatch batch) {
    KvEventFaults now = faults.getAndUpdate(KvEventFaults::used);
    byte[] payload = VllmEventWriter.write(now.hide() > 0 ? withoutRemovals(batch) : batch);
    long sequence = nextSequence;
    if (now.garble() > 0) {
      sendGarbage(sequence);
    }
    if (now.lose() == 0) {
      publisher.sendMore(topic);
      publisher.sendMore(bytes(sequence));
      publisher.send(payload);
    }
    kept.addLast(new Kept(sequence, payload));
    nextSequence = sequence + 1;
    if (kept.size() > options.bufferSteps()) {
      kept.removeFirst();
    }
  }

  private static KvEventBatch withoutRemovals(KvEventBatch batch) {
    List<EngineKvEvent> told =
        batch.events().stream()
            .filter(event -> !(event instanceof EngineKvEvent.BlockRemoved))
            .toList();
    return new KvEventBatch(batch.seconds(), told, batch.rank());
  }

  /** Sends a message with a truncated payload, and a message with the wrong frames. */
  private void sendGarbage(long sequence) {
    publisher.sendMore(topic);
    publisher.sendMore(bytes(sequence));
    publisher.send(new byte[] {(byte) 0x93, (byte) 0xcb, 0});
    publisher.sendMore(topic);
    publisher.send("neither a number nor a batch");
  }

  /** Answers a replay request. Like vLLM, ignores a request with other frames. */
  private void serveReplays(ZMQ.Socket router) {
    for (ZMsg request = ZMsg.recvMsg(router, ZMQ.DONTWAIT);
        request != null;
        request = ZMsg.recvMsg(router, ZMQ.DONTWAIT)) {
      if (request.size() != 3) {
        continue;
      }
      byte[] client = request.pop().getData();
      byte[] start = request.getLast().getData();
      if (start.length != Long.BYTES) {
        continue;
      }
      long from = ByteBuffer.wrap(start).getLong();
      for (Kept batch : kept) {
        if (batch.sequence() >= from) {
          reply(router, client, topic, bytes(batch.sequence()), batch.payload());
        }
      }
      reply(router, client, NOTHING, END, NOTHING);
    }
  }

  private static void reply(
      ZMQ.Socket router, byte[] client, byte[] topic, byte[] sequence, byte[] payload) {
    router.sendMore(client);
    router.sendMore(NOTHING);
    router.sendMore(topic);
    router.sendMore(sequence);
    router.send(payload);
  }

  private static byte[] bytes(long sequence) {
    return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
  }
}
