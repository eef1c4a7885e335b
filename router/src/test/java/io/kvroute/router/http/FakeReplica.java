package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A replica on a real socket; the test controls every byte and every failure. */
final class FakeReplica implements AutoCloseable {

  /** Handles a request; the connection stays open for another unless the script closes it. */
  interface Script {
    void answer(Call call) throws IOException;
  }

  /** What vLLM sends before its first token. */
  static final String STREAM_HEAD =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "server: uvicorn",
          "content-type: text/event-stream; charset=utf-8",
          "transfer-encoding: chunked",
          "",
          "");

  private final ServerSocket listener;
  private final Script script;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  FakeReplica(Script script) {
    this.script = script;
    try {
      this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** A port on which nothing listens. */
  static URI refusing() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return url(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits inside a script. */
  static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  URI url() {
    return url(listener);
  }

  /** The requests received so far. */
  List<Call> calls() {
    return calls;
  }

  /** Connections that neither side has closed. */
  int openConnections() {
    return open.get();
  }

  /** Connections accepted so far. */
  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI url(ServerSocket socket) {
    InetSocketAddress address = (InetSocketAddress) socket.getLocalSocketAddress();
    return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // The listener was closed.
    }
  }

  private void serve(Socket socket) {
    open.incrementAndGet();
    int ordinal = 0;
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (!socket.isClosed()) {
        Call call = Call.read(socket, in, ++ordinal);
        if (call == null) {
          return;
        }
        calls.add(call);
        script.answer(call);
        call.answered.countDown();
      }
    } catch (IOException e) {
      // The router closed the connection, which is what many tests provoke.
    } finally {
      open.decrementAndGet();
    }
  }

  /** One request. */
  static final class Call {
    private final Socket socket;
    private final InputStream in;
    private final String head;
    private final byte[] body;
    private final int ordinal;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch hungUp = new CountDownLatch(1);

    private Call(Socket socket, InputStream in, String head, byte[] body, int ordinal) {
      this.ordinal = ordinal;
      this.socket = socket;
      this.in = in;
      this.head = head;
      this.body = body;
    }

    /** The number of this request on its connection, from 1. */
    int ordinalOnConnection() {
      return ordinal;
    }

    String head() {
      return head;
    }

    /** The value of a request header, or an empty text. */
    String header(String name) {
      for (String line : head.lines().toList()) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
          return line.substring(name.length() + 1).strip();
        }
      }
      return "";
    }

    byte[] body() {
      return body;
    }

    Call write(String text) throws IOException {
      return write(text.getBytes(ISO_8859_1));
    }

    Call write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      return this;
    }

    /** Sends a complete response. */
    void ok(String contentType, byte[] answer) throws IOException {
      write(
          "HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-type: "
              + contentType
              + "\r\ncontent-length: "
              + answer.length
              + "\r\n\r\n");
      write(answer);
    }

    void ok(String contentType, String answer) throws IOException {
      ok(contentType, answer.getBytes(ISO_8859_1));
    }

    /** Sends the head of a stream. */
    Call stream() throws IOException {
      return write(STREAM_HEAD);
    }

    /** Sends a chunk of a stream. */
    Call chunk(String text) throws IOException {
      return write(Integer.toHexString(text.getBytes(ISO_8859_1).length) + "\r\n" + text + "\r\n");
    }

    void endOfChunks() throws IOException {
      write("0\r\n\r\n");
    }

    /** Fails as a killed process does: the kernel resets the connection. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    void close() throws IOException {
      socket.close();
    }

    /** Waits until the router closes the connection; the last step of a script. */
    void untilHungUp() throws IOException {
      try {
        while (in.read() >= 0) {
          // No further bytes are expected.
        }
      } finally {
        hungUp.countDown();
        socket.close();
      }
    }

    /** Whether the router closes the connection within a second. */
    boolean hangsUp() throws InterruptedException {
      return hungUp.await(1, TimeUnit.SECONDS);
    }

    private static @Nullable Call read(Socket socket, InputStream in, int ordinal)
        throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
        int b = in.read();
        if (b < 0) {
          return null;
        }
        head.append((char) b);
      }
      Call bare = new Call(socket, in, head.toString(), new byte[0], ordinal);
      String length = bare.header("content-length");
      byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
      return new Call(socket, in, head.toString(), body, ordinal);
    }
  }
}
