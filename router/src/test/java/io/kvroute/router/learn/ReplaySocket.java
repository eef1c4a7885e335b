package io.kvroute.router.learn;

import java.nio.ByteBuffer;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/** The replay socket of an engine that has published {@code published}; answers like vLLM 0.32. */
final class ReplaySocket implements AutoCloseable {

  private static final int POLL_MILLIS = 20;

  private final ZMQ.Socket router;
  private final String endpoint;
  private final List<Recordings.Published> published;
  private final Thread thread;
  private volatile boolean closed;

  ReplaySocket(ZContext context, List<Recordings.Published> published) {
    this(context, published, "127.0.0.1");
  }

  ReplaySocket(ZContext context, List<Recordings.Published> published, String host) {
    this.published = published;
    this.router = context.createSocket(SocketType.ROUTER);
    router.setReceiveTimeOut(POLL_MILLIS);
    router.setSndHWM(0);
    router.setIPv6(host.startsWith("["));
    this.endpoint = "tcp://" + host + ":" + router.bindToRandomPort("tcp://" + host);
    this.thread = new Thread(this::serve, "replay-socket");
    thread.start();
  }

  String endpoint() {
    return endpoint;
  }

  private void serve() {
    while (!closed) {
      byte[] client = router.recv();
      if (client != null) {
        router.recv();
        answer(client, ByteBuffer.wrap(router.recv()).getLong());
      }
    }
  }

  private void answer(byte[] client, long from) {
    for (Recordings.Published message : published) {
      if (message.number() >= from) {
        send(client, message.number(), message.payload());
      }
    }
    send(client, -1, new byte[0]);
  }

  private void send(byte[] client, long number, byte[] payload) throws ZMQException {
    router.sendMore(client);
    router.sendMore("");
    boolean withTopic = number % 2 == 0;
    if (withTopic) {
      router.sendMore("kv@engine");
    }
    router.sendMore(ByteBuffer.allocate(8).putLong(number).array());
    router.send(payload);
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
