package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.loadtest.client.ChatClient;
import io.kvroute.loadtest.client.ChatTurn;
import io.kvroute.loadtest.client.ConversationRun;
import io.kvroute.loadtest.client.RunStats;
import io.kvroute.loadtest.cluster.Cluster;
import io.kvroute.loadtest.workload.ConversationWorkload;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Tests the main purpose: the turns of a conversation find their prefix in a cache. */
final class ConversationTest {

  @Test
  void conversationsFindTheirPrefixesOnTheReplicaThatHoldsThem() throws Exception {
    try (Cluster cluster = Clusters.start(4, 0.5)) {
      ConversationWorkload workload =
          new ConversationWorkload(
              7, 10, 150, 1, new ConversationWorkload.Lengths(100, 400, 40, 8), 5, 50);
      long startNanos = System.nanoTime();
      LongSupplier clockNanos = () -> System.nanoTime() - startNanos;
      List<ChatTurn> turns;
      try (ChatClient client = new ChatClient(cluster.url(), clockNanos)) {
        turns =
            new ConversationRun(client, Cluster.MODEL, clockNanos, turn -> {})
                .play(workload.generate());
      }
      RunStats stats = RunStats.of(turns);
      assertThat(stats.failed()).isZero();
      assertThat(stats.requests()).isEqualTo(50);
      long followUps = turns.stream().filter(turn -> turn.turn() > 0).count();
      long found =
          turns.stream()
              .filter(
                  turn -> turn.turn() > 0 && turn.tokens().cached() > turn.tokens().prompt() / 2)
              .count();
      assertThat(found).isGreaterThan(followUps * 8 / 10);
      Clusters.awaitIdle(cluster);
      for (JsonNode replica : Clusters.getJson(cluster.adminUrl(), "/replicas").path("replicas")) {
        assertThat(replica.path("knowledge").asString()).isEqualTo("shadow");
        assertThat(replica.path("mode").path(Cluster.MODEL).asString()).isEqualTo("tokens");
        assertThat(replica.path("tokenizer").path(Cluster.MODEL).asString()).isEqualTo("native");
      }
    }
  }

  @Test
  void theNextTurnIsExpectedToFindTheAnswerToo() throws Exception {
    try (Cluster cluster = Clusters.start(1, 0.5)) {
      String question = "{\"role\":\"user\",\"content\":\"Tell me a story.\"}";
      String form = "{\"model\":\"qwen3\",\"max_tokens\":120,\"messages\":[%s]}";
      ObjectMapper mapper = new ObjectMapper();
      JsonNode answer =
          mapper.readTree(
              Clusters.post(cluster.url(), "/v1/chat/completions", form.formatted(question))
                  .body());
      int known = answer.at("/usage/prompt_tokens").asInt() + 119;
      String next =
          form.formatted(
              question
                  + ","
                  + answer.at("/choices/0/message")
                  + ",{\"role\":\"user\",\"content\":\"And then?\"}");
      await()
          .untilAsserted(
              () -> {
                JsonNode explained =
                    mapper.readTree(Clusters.post(cluster.adminUrl(), "/explain", next).body());
                assertThat(explained.at("/replicas/0/matched_tokens").asInt())
                    .isEqualTo(known / 16 * 16);
              });
      JsonNode second =
          mapper.readTree(Clusters.post(cluster.url(), "/v1/chat/completions", next).body());
      assertThat(second.at("/usage/prompt_tokens_details/cached_tokens").asInt())
          .isEqualTo(known / 16 * 16);
    }
  }

  @Test
  void explainPricesEveryReplicaAndPicksTheHolder() throws Exception {
    try (Cluster cluster = Clusters.start(3, 0.5)) {
      String body =
          "{\"model\":\"qwen3\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
              .formatted("one two three ".repeat(300));
      Clusters.post(cluster.url(), "/v1/chat/completions", body);
      Clusters.awaitIdle(cluster);
      JsonNode explained =
          new ObjectMapper().readTree(Clusters.post(cluster.adminUrl(), "/explain", body).body());
      int holders = 0;
      for (JsonNode replica : explained.path("replicas")) {
        boolean holds = replica.path("matched_tokens").asInt() > 800;
        holders += holds ? 1 : 0;
        if (holds) {
          assertThat(explained.path("picked").asString()).isEqualTo(replica.path("id").asString());
        }
        assertThat(replica.path("cost").path("total").asDouble()).isPositive();
      }
      assertThat(holders).isEqualTo(1);
      assertThat(explained.path("mode").asString()).isEqualTo("tokens");
    }
  }
}
