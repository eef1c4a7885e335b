package io.kvroute.router.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainCommandTest {

  private static final String REQUEST = "{\"model\":\"m\",\"prompt\":\"Hello\"}";
  private static final String EXPLANATION =
      """
      {"model":"m","mode":"tokens","prompt_tokens":1200,"picked":"r2","replicas":[
      {"id":"r1","url":"http://10.0.0.1:8000","state":"up","matched_tokens":0,"knowledge":"shadow",
      "cost":{"queue":0.5,"prefill":0.24,"step":0,"slot_wait":0,"harm":0.01,"evict":0,"total":0.75}},
      {"id":"r2","url":"http://10.0.0.2:8000","state":"up","matched_tokens":1184,
      "knowledge":"events",
      "cost":{"queue":0,"prefill":0.0042,"step":0,"slot_wait":0,"harm":0,"evict":0,"total":0.0042}}]}
      """;

  @TempDir private Path directory;

  private final AtomicReference<String> asked = new AtomicReference<>();
  private HttpServer admin;
  private Path request;
  private int status = 200;
  private String answer = EXPLANATION;

  @BeforeEach
  void start() throws IOException {
    request = Files.writeString(directory.resolve("request.json"), REQUEST);
    admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    admin.createContext(
        "/explain",
        exchange -> {
          asked.set(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] body = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    admin.start();
  }

  @AfterEach
  void stop() {
    admin.stop(0);
  }

  private Session explain(String... flags) {
    String[] args = new String[flags.length + 4];
    args[0] = "explain";
    args[1] = "--admin";
    args[2] = "http://127.0.0.1:" + admin.getAddress().getPort();
    args[3] = request.toString();
    System.arraycopy(flags, 0, args, 4, flags.length);
    return Session.of(args);
  }

  @Test
  void printsATableWithTheChosenReplicaMarked() {
    Session session = explain();

    assertThat(session.exitCode()).isZero();
    assertThat(asked).hasValue(REQUEST);
    assertThat(session.out())
        .isEqualTo(
            """
            model m, 1200 prompt tokens (mode tokens): goes to r2

                replica  state  matched  known by  queue  prefill  step  slot wait  harm  evict  total  url
                r1       up           0  shadow    500.0    240.0   0.0        0.0  10.0    0.0  750.0  http://10.0.0.1:8000
            ->  r2       up        1184  events      0.0      4.2   0.0        0.0   0.0    0.0    4.2  http://10.0.0.2:8000

            Costs in milliseconds; the lowest total wins, near ties by chance.
            """);
  }

  @Test
  void printsTheResponseUnchangedForPrograms() {
    assertThat(explain("--json").out()).isEqualTo(EXPLANATION);
  }

  @Test
  void printsTheRoutersError() {
    status = 404;
    answer = "{\"error\":{\"message\":\"The model `m` does not exist.\"}}";

    Session session = explain();

    assertThat(session.exitCode()).isEqualTo(1);
    assertThat(session.err()).hasLineCount(1).contains("404", "The model `m` does not exist.");
  }

  @Test
  void reportsThatNoRouterAnswers() {
    String nobody = "http://127.0.0.1:" + admin.getAddress().getPort();
    admin.stop(0);

    Session session = Session.of("explain", "--admin", nobody, request.toString());

    assertThat(session.exitCode()).isEqualTo(1);
    assertThat(session.err()).hasLineCount(1).contains("no router answers at " + nobody);
  }

  @Test
  void reportsAnAddressThatIsNotAnAdminPort() {
    answer = "<html>";

    Session session = explain();

    assertThat(session.exitCode()).isEqualTo(1);
    assertThat(session.err()).hasLineCount(1).contains("does not answer as a kvroute admin port");
  }

  @Test
  void aMissingRequestOrInvalidAddressIsWrongUsage() {
    Session missing = Session.of("explain", "--admin", "http://127.0.0.1:1", "/gone.json");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).hasLineCount(1).contains("/gone.json");

    Session address = Session.of("explain", "--admin", "localhost:9090", request.toString());
    assertThat(address.exitCode()).isEqualTo(2);
    assertThat(address.err()).hasLineCount(1).contains("localhost:9090", "http://HOST:PORT");
  }
}
