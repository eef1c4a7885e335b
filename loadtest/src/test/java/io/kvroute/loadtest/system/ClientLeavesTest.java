package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.loadtest.cluster.Cluster;
import io.kvroute.loadtest.engine.EngineProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tests that the engine is free within a second after a client disconnects, whatever the client was
 * waiting for. The client is a plain socket, and the test observes the replica.
 */
final class ClientLeavesTest {

  private static final Duration ENGINE_FREE_WITHIN = Duration.ofSeconds(1);

  private static Socket send(Cluster cluster, int promptWords, int answerTokens, boolean stream)
      throws IOException {
    String body =
        "{\"model\":\"qwen3\",\"max_tokens\":%d,\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(answerTokens, stream, "word ".repeat(promptWords));
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.url().getPort());
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n".formatted(body.length());
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static void leaveAndSeeTheEngineFree(Cluster cluster, Socket client) throws IOException {
    client.close();
    await().atMost(ENGINE_FREE_WITHIN).until(() -> Clusters.atEngines(cluster) == 0);
    assertThat(Clusters.aborted(cluster)).isEqualTo(1);
    Clusters.awaitIdle(cluster);
  }

  @Test
  void beforeTheFirstToken() throws Exception {
    EngineProfile slow = Clusters.engine(5);
    slow = slow.withCost(slow.cost().withPrefillRate(4_000));
    try (Cluster cluster = Clusters.start(1, slow)) {
      Socket client = send(cluster, 8_000, 10, true);
      await().until(() -> Clusters.atEngines(cluster) == 1);
      leaveAndSeeTheEngineFree(cluster, client);
    }
  }

  @Test
  void inTheMiddleOfAStream() throws Exception {
    try (Cluster cluster = Clusters.start(1, 5)) {
      Socket client = send(cluster, 10, 4000, true);
      InputStream answer = client.getInputStream();
      assertThat(new String(answer.readNBytes(400), StandardCharsets.UTF_8)).contains("data: ");
      leaveAndSeeTheEngineFree(cluster, client);
    }
  }

  @Test
  void waitingForAWholeAnswer() throws Exception {
    try (Cluster cluster = Clusters.start(1, 5)) {
      Socket client = send(cluster, 10, 4000, false);
      await().until(() -> Clusters.atEngines(cluster) == 1);
      leaveAndSeeTheEngineFree(cluster, client);
    }
  }

  @Test
  void behindASlowReaderWhoseBuffersAreFull() throws Exception {
    try (Cluster cluster = Clusters.start(1, 0.2)) {
      Socket client = send(cluster, 10, 12_000, true);
      await().until(() -> Clusters.atEngines(cluster) == 1);
      leaveAndSeeTheEngineFree(cluster, client);
    }
  }
}
