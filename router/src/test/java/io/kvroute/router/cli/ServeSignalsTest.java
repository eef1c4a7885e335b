package io.kvroute.router.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How {@code kvroute serve} ends, as an orchestrator sees it: signals, readiness, exit code. */
final class ServeSignalsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();
  private StreamingEngine engine;

  @BeforeEach
  void start() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no POSIX signals here");
    engine = new StreamingEngine();
  }

  @AfterEach
  void stop() {
    engine.close();
    client.close();
  }

  private ServeProcess serve(String drainDelay, String shutdown) throws IOException {
    ServeProcess router =
        new ServeProcess(
            engine.url(),
            Map.of(
                "KVROUTE_TIMEOUTS_DRAIN_DELAY", drainDelay, "KVROUTE_TIMEOUTS_SHUTDOWN", shutdown));
    await().atMost(PATIENCE).until(() -> status(router.admin(), "/readyz") == 200);
    return router;
  }

  private int status(URI base, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (ConnectException e) {
      return -1;
    }
  }

  /** The body of a chat's stream, of which one event has arrived. */
  private InputStream openStream(ServeProcess router) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(router.data().resolve("/v1/chat/completions"))
            .header("content-type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model":"m","stream":true,"messages":[{"role":"user","content":"a"}]}
                    """))
            .build();
    InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
    assertThat(body.read()).isEqualTo('d');
    return body;
  }

  private static String rest(InputStream body) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int b = body.read(); b >= 0; b = body.read()) {
        text.append((char) b);
      }
    } catch (IOException e) {
      text.append("<cut off>");
    }
    return text.toString();
  }

  @Test
  void fail503BeforeThePortClosesThenFinishStreamsThenExitWith0() throws Exception {
    try (ServeProcess router = serve("2s", "30s")) {
      InputStream stream = openStream(router);

      router.signal("TERM");
      await().atMost(PATIENCE).until(() -> status(router.admin(), "/readyz") == 503);
      assertThat(status(router.data(), "/v1/models")).isEqualTo(200);
      assertThat(status(router.data(), "/health")).isEqualTo(503);
      await().atMost(PATIENCE).until(() -> status(router.data(), "/v1/models") == -1);
      assertThat(status(router.admin(), "/readyz")).isEqualTo(503);

      engine.sendTheRest();
      assertThat(rest(stream)).endsWith("data: [DONE]\n\n");
      assertThat(router.exitCode()).isZero();
      assertThat(router.output())
          .anyMatch(line -> line.startsWith("{\"time\":") && line.contains("\"end\":\"complete\""));
    }
  }

  @Test
  void aStreamThatOutlivesTheDeadlineGetsAnErrorEventAndTheExitCodeIs0() throws Exception {
    try (ServeProcess router = serve("0s", "200ms")) {
      InputStream stream = openStream(router);

      router.signal("TERM");

      assertThat(rest(stream))
          .contains("data: {\"error\":{\"message\":\"The router is shutting down")
          .doesNotContain("[DONE]")
          .endsWith("<cut off>");
      assertThat(router.exitCode()).isZero();
    }
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    try (ServeProcess router = serve("0s", "10m")) {
      InputStream stream = openStream(router);
      router.signal("TERM");
      await().atMost(PATIENCE).until(() -> status(router.admin(), "/readyz") == 503);
      assertThat(router.isAlive()).isTrue();

      router.signal("TERM");

      assertThat(router.exitCode()).isEqualTo(143);
      stream.close();
    }
  }

  @Test
  void aHangupIsNotAnEnd() throws Exception {
    try (ServeProcess router = serve("0s", "1s")) {
      router.signal("HUP");
      await()
          .atMost(PATIENCE)
          .until(() -> router.output().stream().anyMatch(line -> line.contains("SIGHUP")));

      assertThat(status(router.data(), "/health")).isEqualTo(200);
      router.signal("INT");
      assertThat(router.exitCode()).isZero();
    }
  }
}
