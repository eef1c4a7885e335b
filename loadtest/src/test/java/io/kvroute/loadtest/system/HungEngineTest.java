package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.loadtest.cluster.Cluster;
import io.kvroute.loadtest.replica.Faults;
import io.kvroute.loadtest.replica.SimulatedReplica;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An engine hangs or fails behind an API server whose health check goes on succeeding. */
final class HungEngineTest {

  private static final int PATIENCE_MILLIS = 700;
  private static final int AMPLE_MILLIS = 20_000;

  private static final Faults HANGS =
      new Faults(false, false, 600_000, 0, -1, Faults.OfTokenize.NOTHING, -1);
  private static final Faults FAILS =
      new Faults(false, false, 0, 500, -1, Faults.OfTokenize.NOTHING, -1);

  private static Socket send(Cluster cluster, int number) throws IOException {
    String body =
        "{\"model\":\"qwen3\",\"max_tokens\":5,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Question %d\"}]}"
            .formatted(number);
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.url().getPort());
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
            + "Connection: close\r\nContent-Length: %d\r\n\r\n".formatted(body.length());
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  /** Asks once and gives up after a while; returns whether the answer came. */
  private static boolean ask(Cluster cluster, int number) throws IOException {
    return ask(cluster, number, PATIENCE_MILLIS);
  }

  private static boolean ask(Cluster cluster, int number, int patienceMillis) throws IOException {
    try (Socket client = send(cluster, number)) {
      client.setSoTimeout(patienceMillis);
      InputStream in = client.getInputStream();
      try {
        String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return answer.startsWith("HTTP/1.1 200") && answer.contains("data: [DONE]");
      } catch (SocketTimeoutException e) {
        return false;
      }
    }
  }

  private static JsonNode shown(Cluster cluster, int replica) throws Exception {
    return Clusters.getJson(cluster.adminUrl(), "/replicas").path("replicas").get(replica);
  }

  private static void serveSome(Cluster cluster) throws IOException {
    for (int i = 0; i < 20; i++) {
      assertThat(ask(cluster, i, AMPLE_MILLIS)).isTrue();
    }
  }

  @Test
  void clientsThatGiveUpDoNotMakeAHungEngineLookIdle() throws Exception {
    try (Cluster cluster = Clusters.start(2, 2)) {
      serveSome(cluster);
      SimulatedReplica hung = cluster.replicas().getFirst();
      hung.setFaults(HANGS);
      int failed = 0;
      for (int i = 0; i < 60; i++) {
        failed += ask(cluster, 1_000 + i) ? 0 : 1;
      }

      assertThat(failed).as("clients that gave up, of 60").isLessThan(15);
      assertThat(shown(cluster, 0).path("state").asString()).isEqualTo("out");
      assertThat(shown(cluster, 0).path("warnings").toString()).contains("out of rotation");
      assertThat(Clusters.metric(cluster.adminUrl(), "kvroute_replica_in_rotation{replica=\"r1\"}"))
          .isZero();
      assertThat(shown(cluster, 1).path("state").asString()).isEqualTo("up");
      Clusters.awaitIdle(cluster);

      hung.setFaults(Faults.NONE);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                ask(cluster, 5_000);
                return shown(cluster, 0).path("state").asString().equals("up");
              });
    }
  }

  @Test
  void anEngineThatFailsEveryRequestCostsFewClientsWhateverElseItsApiServerAnswers()
      throws Exception {
    try (Cluster cluster = Clusters.start(2, 2)) {
      serveSome(cluster);
      cluster.replicas().getFirst().setFaults(FAILS);
      int failed = 0;
      for (int i = 0; i < 60; i++) {
        failed += ask(cluster, 1_000 + i) ? 0 : 1;
        Clusters.post(
            cluster.url(), "/tokenize", "{\"model\":\"qwen3\",\"prompt\":\"neutral " + i + "\"}");
      }

      assertThat(failed).as("clients that received a 500, of 60").isLessThan(3);
      Clusters.awaitIdle(cluster);
    }
  }

  @Test
  void requestsThatWaitAtAReplicaThatIsDrainedMoveAndAreServed() throws Exception {
    try (Cluster cluster = Clusters.start(2, 2)) {
      serveSome(cluster);
      cluster.replicas().forEach(replica -> replica.setFaults(HANGS));
      try (Socket client = send(cluster, 77)) {
        await().until(() -> busy(cluster) >= 0);
        int busy = busy(cluster);
        cluster.replicas().forEach(replica -> replica.setFaults(Faults.NONE));
        String id = shown(cluster, busy).path("id").asString();
        Clusters.post(cluster.adminUrl(), "/replicas/" + id + "/drain", "");

        String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 200").contains("data: [DONE]");
      }
      Clusters.awaitIdle(cluster);
    }
  }

  private static int busy(Cluster cluster) throws Exception {
    for (int i = 0; i < cluster.replicas().size(); i++) {
      if (shown(cluster, i).path("inflight").asInt() == 1) {
        return i;
      }
    }
    return -1;
  }
}
