package io.kvroute.router.warmup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers every request as vLLM answers a chat, at once: with an event stream of a few chunks, or
 * whole where the request asks for no stream. Listens on loopback; one thread for each connection.
 * Thread-safe.
 */
public final class StandInEngine implements AutoCloseable {

  private static final int CHUNKS = 8;
  private static final byte[] STREAM = "\"stream\":true".getBytes(ISO_8859_1);

  private static final byte[] STREAM_HEAD =
      """
      HTTP/1.1 200 OK\r
      server: uvicorn\r
      content-type: text/event-stream; charset=utf-8\r
      transfer-encoding: chunked\r
      \r
      """
          .getBytes(ISO_8859_1);

  private static final byte[] CHUNK =
      chunk(
          """
          data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m",\
          "choices":[{"index":0,"delta":{"content":" token"},"finish_reason":null}]}

          """);

  private static final byte[] STREAM_END =
      (new String(chunk("data: [DONE]\n\n"), ISO_8859_1) + "0\r\n\r\n").getBytes(ISO_8859_1);

  private static final byte[] WHOLE = whole();

  private final ServerSocket listener;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /**
   * Listens on a free port.
   *
   * @throws IOException if there is none
   */
  public StandInEngine() throws IOException {
    listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** Where it listens. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private static void start(Runnable work) {
    Thread.ofPlatform().daemon().name("warm-up-engine").start(work);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = listener.accept();
        connections.add(connection);
        start(() -> serve(connection));
      }
    } catch (IOException closed) {
      // The engine was closed, which is the only way in which accepting ends.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      MessageReader requests = new MessageReader(connection.getInputStream());
      OutputStream out = connection.getOutputStream();
      while (requests.readMessage()) {
        if (requests.bodyContains(STREAM)) {
          stream(out);
        } else {
          out.write(WHOLE);
        }
      }
    } catch (IOException e) {
      // The router closed the connection.
    } finally {
      connections.remove(connection);
    }
  }

  /** Writes the chunks one by one, so that the router relays them one by one. */
  private static void stream(OutputStream out) throws IOException {
    out.write(STREAM_HEAD);
    for (int i = 0; i < CHUNKS; i++) {
      out.write(CHUNK);
    }
    out.write(STREAM_END);
  }

  private static byte[] chunk(String text) {
    return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(ISO_8859_1);
  }

  private static byte[] whole() {
    String body =
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
        "message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}]}""";
    String head =
        "HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-type: application/json\r\ncontent-length: ";
    return (head + body.length() + "\r\n\r\n" + body).getBytes(ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
