package io.kvroute.tokenizer.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Two local servers that behave like the hub and its storage for large files: etags and commits in
 * headers, redirects, ranges, refusals and, on request, broken answers.
 */
final class FakeHub implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** Files larger than this many bytes are answered with a redirect to the storage. */
  private static final int LARGE = 1000;

  private final HttpServer hub = server();
  private final HttpServer store = server();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private volatile @Nullable String requiredToken;
  private volatile int breakAfterBytes = -1;
  private volatile boolean corrupt;
  private volatile boolean ignoreRanges;
  private volatile int status;

  FakeHub() {
    hub.createContext("/", this::answerHub);
    store.createContext("/", this::answerStore);
    hub.start();
    store.start();
  }

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String endpoint() {
    return address(hub);
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The requests received, as {@code METHOD PATH [range] [token]}. */
  List<String> log() {
    return log;
  }

  void put(String modelAndFile, byte[] content) {
    files.put(modelAndFile, content);
  }

  void requireToken(String token) {
    requiredToken = token;
  }

  /** The next content is cut off once after this many bytes. */
  void breakOnceAfter(int bytes) {
    breakAfterBytes = bytes;
  }

  void corruptContent(boolean now) {
    corrupt = now;
  }

  void ignoreRanges() {
    ignoreRanges = true;
  }

  /** Answers every request with this status; 0 ends that. */
  void answerWith(int always) {
    status = always;
  }

  private void answerHub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    log(exchange, path);
    if (status != 0) {
      finish(exchange, status);
      return;
    }
    if (path.startsWith("/old/")) {
      exchange.getResponseHeaders().set("Location", path.replace("/old/", "/new/"));
      finish(exchange, 307);
      return;
    }
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    if (requiredToken != null && !("Bearer " + requiredToken).equals(token)) {
      exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
      finish(exchange, 401);
      return;
    }
    String[] parts = path.substring(1).split("/resolve/[^/]+/", 2);
    boolean knownModel = files.keySet().stream().anyMatch(file -> file.startsWith(parts[0] + "/"));
    byte[] content = parts.length == 2 ? files.get(parts[0] + "/" + parts[1]) : null;
    if (content == null) {
      exchange
          .getResponseHeaders()
          .set("X-Error-Code", knownModel ? "EntryNotFound" : "RepoNotFound");
      finish(exchange, 404);
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (content.length > LARGE) {
      exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
      exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
      exchange
          .getResponseHeaders()
          .set("Location", address(store) + "/" + parts[0] + "/" + parts[1]);
      finish(exchange, 302);
      return;
    }
    exchange.getResponseHeaders().set("ETag", "\"" + gitSha1(content) + "\"");
    send(exchange, content);
  }

  private void answerStore(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    log(exchange, "store:" + path);
    byte[] content = files.get(path.substring(1));
    if (content == null) {
      finish(exchange, 404);
      return;
    }
    send(exchange, content);
  }

  private void log(HttpExchange exchange, String path) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    log.add(
        exchange.getRequestMethod()
            + " "
            + path
            + (range == null ? "" : " " + range)
            + (token == null ? "" : " " + token));
  }

  private void send(HttpExchange exchange, byte[] whole) throws IOException {
    byte[] content = whole.clone();
    if (corrupt) {
      content[0]++;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (range != null && !ignoreRanges) {
      from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      if (from >= content.length) {
        finish(exchange, 416);
        return;
      }
    }
    byte[] part = Arrays.copyOfRange(content, from, content.length);
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, part.length);
    int breakAt = breakAfterBytes;
    if (breakAt >= 0 && breakAt < part.length) {
      breakAfterBytes = -1;
      exchange.getResponseBody().write(part, 0, breakAt);
      exchange.getResponseBody().flush();
      // The server closes the connection of a handler that fails.
      throw new IOException("broken off on purpose");
    }
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(part);
    }
  }

  private static void finish(HttpExchange exchange, int code) throws IOException {
    exchange.sendResponseHeaders(code, -1);
    exchange.close();
  }

  static String sha256(byte[] content) {
    return digest("SHA-256", content);
  }

  static String gitSha1(byte[] content) {
    byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(header, header.length + content.length);
    System.arraycopy(content, 0, all, header.length, content.length);
    return digest("SHA-1", all);
  }

  private static String digest(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
  }
}
