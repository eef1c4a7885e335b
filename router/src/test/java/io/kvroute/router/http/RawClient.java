package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends exactly the given bytes and reads responses by their framing. */
final class RawClient implements AutoCloseable {

  private static final int READ_TIMEOUT_MILLIS = 20_000;

  /**
   * A response.
   *
   * @param headers by name in lower case
   * @param whole whether it ended as its framing declares
   */
  record Answer(int status, Map<String, String> headers, String body, boolean whole) {
    byte[] bytes() {
      return body.getBytes(ISO_8859_1);
    }
  }

  private final Socket socket;
  private final InputStream in;

  RawClient(InetSocketAddress address) {
    this(address, 0);
  }

  /** A client with a receive buffer of {@code receiveBytes}, or the default for 0. */
  RawClient(InetSocketAddress address, int receiveBytes) {
    try {
      this.socket = new Socket();
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.connect(address);
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      this.in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the first byte of a response; returns false if none comes in time. */
  boolean answersWithin(int millis) throws IOException {
    in.mark(1);
    socket.setSoTimeout(millis);
    try {
      return in.read() >= 0;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      in.reset();
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    }
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** The head of a chat request with these additional header lines. */
  static String chatHead(String... headers) {
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  /** Sends a POST of JSON. */
  RawClient post(String path, byte[] body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: router.test\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(ISO_8859_1));
    all.writeBytes(body);
    return send(all.toByteArray());
  }

  RawClient post(String path, String body, String... headers) throws IOException {
    return post(path, body.getBytes(UTF_8), headers);
  }

  /** Reads one response, to its end or to that of the connection. */
  Answer read() throws IOException {
    Answer head = readHead();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean whole = readBody(head, body);
    return new Answer(head.status(), head.headers(), body.toString(ISO_8859_1), whole);
  }

  /** Reads a response's head. */
  Answer readHead() throws IOException {
    String first = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    return new Answer(Integer.parseInt(first.substring(9, 12)), headers, "", false);
  }

  /** Reads one chunk of a chunked body; empty for the last. */
  String readChunk() throws IOException {
    int size = Integer.parseInt(line(), 16);
    String chunk = new String(in.readNBytes(size), ISO_8859_1);
    line();
    return chunk;
  }

  /** Whether the router has ended the connection. */
  boolean atEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Closes this side of the connection only. */
  void shutDownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Resets the connection. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private boolean readBody(Answer head, ByteArrayOutputStream body) throws IOException {
    String length = head.headers().get("content-length");
    if (length != null) {
      body.writeBytes(in.readNBytes(Integer.parseInt(length)));
      return body.size() == Integer.parseInt(length);
    }
    if (head.status() == 204) {
      return true;
    }
    if (!head.headers().containsKey("transfer-encoding")) {
      in.transferTo(body);
      return true;
    }
    while (true) {
      String size = line();
      if (size.isEmpty()) {
        return false;
      }
      int bytes = Integer.parseInt(size, 16);
      body.writeBytes(in.readNBytes(bytes));
      line();
      if (bytes == 0) {
        return true;
      }
    }
  }

  /** A line without its end; empty at the end of the connection. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        line.setLength(line.length() - 1);
        break;
      }
      line.append((char) b);
    }
    return line.toString();
  }
}
