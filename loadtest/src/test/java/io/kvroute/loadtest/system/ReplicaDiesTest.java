package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.config.ConfigSources;
import io.kvroute.router.app.RunningRouter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Kills replicas that run in their own processes with SIGKILL. */
final class ReplicaDiesTest {

  private static RunningRouter route(String policy, ReplicaProcess... replicas) throws Exception {
    String[] urls = Arrays.stream(replicas).map(ReplicaProcess::url).toArray(String[]::new);
    RunningRouter router =
        RunningRouter.start(
            new ConfigSources()
                .set("listen", "127.0.0.1:0")
                .set("admin-listen", "127.0.0.1:0")
                .set("replicas", urls)
                .set("tokenizers", "qwen3=bundled:qwen3")
                .set("policy", policy)
                .load(),
            Map.of());
    await().until(() -> readyReplicas(router) == replicas.length);
    return router;
  }

  private static long readyReplicas(RunningRouter router) {
    return router.fleet().snapshot().replicas().stream()
        .filter(view -> view.ready("qwen3"))
        .count();
  }

  private static Socket send(RunningRouter router, int answerTokens) throws IOException {
    String body =
        "{\"model\":\"qwen3\",\"max_tokens\":%d,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
            .formatted(answerTokens);
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), router.dataAddress().getPort());
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
            + "Connection: close\r\nContent-Length: %d\r\n\r\n".formatted(body.length());
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private static URI admin(RunningRouter router) {
    return URI.create("http://127.0.0.1:" + router.adminAddress().getPort());
  }

  /** The only replica that has a request. */
  private static String busyReplica(RunningRouter router) throws Exception {
    for (JsonNode replica : Clusters.getJson(admin(router), "/replicas").path("replicas")) {
      if (replica.path("inflight").asInt() == 1) {
        return replica.path("url").asString();
      }
    }
    return "";
  }

  private static void awaitIdle(RunningRouter router) {
    await().until(() -> busyReplica(router).isEmpty());
  }

  @Test
  void beforeItsFirstByteAnotherServesTheRequest() throws Exception {
    try (ReplicaProcess doomed = new ReplicaProcess("--fault-delay-ms", "30000");
        ReplicaProcess good = new ReplicaProcess("--itl-ms", "2");
        RunningRouter router = route("round-robin", doomed, good);
        Socket one = send(router, 5);
        Socket other = send(router, 5)) {
      await().until(() -> busyReplica(router).equals(doomed.url()));
      doomed.kill();
      for (Socket client : List.of(one, other)) {
        String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 200").contains("data: [DONE]");
      }
      awaitIdle(router);
    }
  }

  @Test
  void inTheMiddleOfAStreamTheClientIsToldAndNothingIsReplayed() throws Exception {
    try (ReplicaProcess one = new ReplicaProcess("--itl-ms", "20");
        ReplicaProcess other = new ReplicaProcess("--itl-ms", "20");
        RunningRouter router = route("kv-aware", one, other);
        Socket client = send(router, 400)) {
      InputStream in = client.getInputStream();
      StringBuilder answer = new StringBuilder();
      while (events(answer) < 5) {
        answer.append((char) in.read());
      }
      (busyReplica(router).equals(one.url()) ? one : other).kill();
      answer.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));

      assertThat(answer.toString()).contains("data: {\"error\":{").doesNotContain("[DONE]");
      assertThat(answer.toString()).doesNotEndWith("0\r\n\r\n");
      assertThat(answer.toString().split("\"role\":\"assistant\"", -1)).hasSize(2);
      awaitIdle(router);
    }
  }

  private static int events(StringBuilder answer) {
    return answer.toString().split("data: ", -1).length - 1;
  }
}
