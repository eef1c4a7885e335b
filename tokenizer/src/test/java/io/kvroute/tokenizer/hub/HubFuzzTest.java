package io.kvroute.tokenizer.hub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The client against a server that answers anything: it always ends, and writes only into its
 * cache.
 */
class HubFuzzTest {

  private static final List<String> FILES = List.of("config.json", "tokenizer.json");
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  /**
   * Answers the first request of each connection with the next answer, and closes the connection.
   */
  private static final class AnythingServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<byte[]> answers;
    private final AtomicInteger next = new AtomicInteger();

    AnythingServer(List<byte[]> answers) throws IOException {
      this.answers = answers;
      Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket client = server.accept()) {
          skipHead(client.getInputStream());
          int turn = next.getAndIncrement();
          if (turn < answers.size()) {
            client.getOutputStream().write(answers.get(turn));
          }
        } catch (IOException e) {
          // The client closed the connection, or the test is over.
        }
      }
    }

    private static void skipHead(InputStream in) throws IOException {
      int ends = 0;
      for (int b = in.read(); b >= 0 && ends < 4; b = ends < 4 ? in.read() : b) {
        ends = b == "\r\n\r\n".charAt(ends) ? ends + 1 : b == '\r' ? 1 : 0;
        if (ends == 4) {
          return;
        }
      }
    }

    String endpoint() {
      return "http://127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static byte[] answer(FuzzedDataProvider data) {
    if (data.consumeBoolean()) {
      return data.consumeBytes(200);
    }
    String answer =
        switch (data.consumeInt(0, 2)) {
          case 0 ->
              "HTTP/1.1 200 OK\r\nx-repo-commit: %s\r\netag: \"%s\"\r\ncontent-length: %s\r\n\r\n"
                  .formatted(COMMIT, data.consumeAsciiString(44), data.consumeAsciiString(5));
          case 1 ->
              "HTTP/1.1 200 OK\r\nx-repo-commit: %s\r\netag: abc\r\n\r\n%s"
                  .formatted(COMMIT, data.consumeAsciiString(50));
          default ->
              "HTTP/1.1 %d X\r\nlocation: %s\r\nx-error-code: %s\r\ncontent-length: 0\r\n\r\n"
                  .formatted(
                      data.consumeInt(100, 599),
                      data.consumeAsciiString(30),
                      data.consumeAsciiString(20));
        };
    return answer.getBytes(ISO_8859_1);
  }

  @FuzzTest(maxDuration = "60s")
  void endsWhateverTheHubAnswersAndWritesOnlyIntoItsCache(FuzzedDataProvider data)
      throws IOException {
    List<byte[]> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      answers.add(answer(data));
    }
    Path around = Files.createTempDirectory("hub-fuzz");
    Path home = around.resolve("a/b/c/home");
    try (AnythingServer server = new AnythingServer(answers)) {
      Hub hub =
          new Hub(Map.of("HF_HOME", home.toString(), "HF_ENDPOINT", server.endpoint()), TIMEOUT);
      assertThat(hub.fetch(new ModelId("owner/model", "main"), FILES)).startsWith(home);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("owner/model");
    } finally {
      try (Stream<Path> written = Files.walk(around)) {
        List<Path> paths = written.sorted(Comparator.reverseOrder()).toList();
        assertThat(paths.stream().filter(Files::isRegularFile)).allMatch(p -> p.startsWith(home));
        for (Path path : paths) {
          Files.delete(path);
        }
      }
    }
  }
}
