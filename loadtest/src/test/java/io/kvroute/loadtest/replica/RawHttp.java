package io.kvroute.loadtest.replica;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An HTTP/1.1 client on a plain socket. Tests see the framing and resets that a library hides. */
final class RawHttp implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  /**
   * An answer as received.
   *
   * @param status the status code
   * @param headers headers by lower-case name, in order
   * @param chunks the body's chunks; a single one for a body with a length
   */
  record Answer(int status, Map<String, String> headers, List<String> chunks) {
    String body() {
      return String.join("", chunks);
    }

    /** The JSON of each event, without the end marker. */
    List<String> events() {
      return body()
          .lines()
          .filter(line -> line.startsWith("data: {"))
          .map(line -> line.substring("data: ".length()))
          .toList();
    }
  }

  RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static Answer post(int port, String path, String json) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      http.send("POST", path, json);
      return http.answer();
    }
  }

  static Answer get(int port, String path) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      http.send("GET", path, "");
      return http.answer();
    }
  }

  void send(String method, String path, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.1\r\nHost: replica\r\n".formatted(method, path)
            + (body.length == 0
                ? ""
                : "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n")
            + "\r\n";
    raw(head);
    socket.getOutputStream().write(body);
  }

  void raw(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
  }

  Answer answer() throws IOException {
    Answer head = head();
    List<String> chunks = head.chunks();
    if ("chunked".equals(head.headers().get("transfer-encoding"))) {
      for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
        chunks.add(chunk);
      }
    } else {
      chunks.add(bytes(Integer.parseInt(head.headers().getOrDefault("content-length", "0"))));
    }
    return head;
  }

  /** Reads status and headers; the body remains unread. */
  Answer head() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] header = line.split(": ", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
    }
    return new Answer(status, headers, new ArrayList<>());
  }

  /** Reads the next chunk; empty for the last one. */
  String chunk() throws IOException {
    String text = bytes(Integer.parseInt(line(), 16));
    line();
    return text;
  }

  void timeoutMillis(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new IOException("the connection ended within a body");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection ended within a line");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
