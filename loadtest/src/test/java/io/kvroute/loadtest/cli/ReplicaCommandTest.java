package io.kvroute.loadtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReplicaCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void printsWhereItListensAndServesUntilItIsStopped() throws IOException, InterruptedException {
    AtomicInteger code = new AtomicInteger(-1);
    Thread command =
        Thread.ofPlatform()
            .start(
                () ->
                    code.set(
                        run("replica", "--port", "0", "--blocks", "300", "--block-size", "32")));
    await().atMost(Duration.ofMinutes(2)).until(() -> out.toString().endsWith("\n"));
    String url = out.toString().strip().replace("listening on ", "");
    assertThat(url).matches("http://127\\.0\\.0\\.1:\\d+");

    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .contains("block_size=\"32\"", "num_gpu_blocks=\"300\"");
    }

    command.interrupt();
    command.join();
    assertThat(code).hasValue(0);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void wrongSettingsAreOneLineAndExitWithTwo() {
    assertThat(run("replica", "--port", "99999")).isEqualTo(2);
    assertThat(run("replica", "--port", "0", "--itl-ms", "0")).isEqualTo(2);
    assertThat(run("replica", "--port", "0", "--fault-status", "200")).isEqualTo(2);
    assertThat(run("replica", "--port", "0", "--kv-replay", "tcp://*:0")).isEqualTo(2);
    assertThat(run("replica", "--port", "0", "--tokenizer", "/missing")).isEqualTo(1);

    assertThat(err.toString().lines())
        .hasSize(5)
        .allMatch(line -> line.startsWith("kvroute-loadtest replica: "))
        .anyMatch(line -> line.endsWith("port: 99999 (expected: 0..65535)"))
        .anyMatch(line -> line.endsWith("--itl-ms: 0.0 (expected: > 0)"));
  }

  private int run(String... args) {
    return LoadtestMain.run(new PrintWriter(out), new PrintWriter(err), args);
  }
}
