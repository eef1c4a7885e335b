package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.loadtest.replica.Faults;
import io.kvroute.loadtest.replica.KvEventFaults;
import io.kvroute.loadtest.replica.KvEventOptions;
import io.kvroute.loadtest.replica.ReplicaOptions;
import io.kvroute.loadtest.replica.ServedNames;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that the router compares its beliefs with the engines' reports about their caches. */
final class FeedbackTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String DISPUTED = "kvroute_knowledge_disputed{replica=\"r1\"}";

  private static String disagreements(String witness) {
    return "kvroute_knowledge_disagreements_total{replica=\"r1\",witness=\"%s\"}"
        .formatted(witness);
  }

  private static List<int[]> prompts(EventBench bench, int count, int tokens) {
    return Stream.generate(() -> bench.freshPrompt(tokens)).limit(count).toList();
  }

  private static void complete(EventBench bench, List<int[]> prompts) throws Exception {
    for (int[] prompt : prompts) {
      bench.complete(prompt);
    }
  }

  /**
   * Sends four prompts in turn to an engine that can hold three, so that it never finds one. The
   * router gets no more events and still believes in three of them.
   */
  @Test
  void aReplicaWhoseEventsHaveFallenSilentIsFlaggedByItsUsage() throws Exception {
    ReplicaOptions options =
        ReplicaOptions.of(EventBench.MODEL, EventBench.engine(64), 3)
            .withKvEvents(KvEventOptions.anywhere(""));
    try (EventBench bench = new EventBench(options)) {
      bench.route();
      bench.awaitEvents();
      List<int[]> prompts = prompts(bench, 4, 300);
      complete(bench, prompts);
      bench.awaitTruth();
      assertThat(bench.metric(DISPUTED)).isZero();
      bench.replica().setKvEventFaults(new KvEventFaults(Integer.MAX_VALUE, 0));
      for (int round = 0; round < 6; round++) {
        complete(bench, prompts);
      }
      await().atMost(PATIENCE).until(() -> bench.metric(DISPUTED) == 1);
      assertThat(bench.metric(disagreements("usage"))).isPositive();
      assertThat(bench.json().path("warnings").toString()).contains("disagrees");
    }
  }

  @Test
  void aCacheThatWasClearedUnseenShowsInTheCountersWithTheNextScrape() throws Exception {
    ReplicaOptions mute =
        new ReplicaOptions(
            0,
            ServedNames.of(EventBench.MODEL),
            EventBench.engine(512),
            3,
            128,
            false,
            true,
            null,
            Faults.NONE);
    try (EventBench bench = new EventBench(mute)) {
      bench.route();
      List<int[]> prompts = prompts(bench, 4, 600);
      complete(bench, prompts);
      complete(bench, prompts);
      assertThat(bench.matchedTokens(prompts.getFirst())).isEqualTo(592);
      bench.awaitScrapes(2);
      Clusters.post(URI.create(bench.replica().url()), "/reset_prefix_cache", "{}");
      complete(bench, prompts.subList(0, 3));

      await().atMost(PATIENCE).until(() -> bench.metric(disagreements("counters")) > 0);
      assertThat(bench.metric(DISPUTED)).isEqualTo(1);
      assertThat(bench.matchedTokens(prompts.getLast()))
          .as("nothing is believed any more of what was cleared")
          .isZero();
    }
  }

  @Test
  void agreementIsNoNews() throws Exception {
    try (EventBench bench =
        new EventBench(ReplicaOptions.of(EventBench.MODEL, EventBench.engine(512), 3))) {
      bench.route();
      List<int[]> prompts = prompts(bench, 4, 600);
      for (int round = 0; round < 5; round++) {
        complete(bench, prompts);
      }
      assertThat(bench.metric(disagreements("usage"))).isZero();
      assertThat(bench.metric(disagreements("counters"))).isZero();
      assertThat(bench.json().path("warnings").isEmpty()).isTrue();
    }
  }

  @Test
  void streamsTellTheRouterTheirUsageButNotTheirClients() throws Exception {
    try (EventBench bench =
        new EventBench(ReplicaOptions.of(EventBench.MODEL, EventBench.engine(512), 3))) {
      bench.configure("learn.usage", "inject");
      bench.route();
      String request =
          "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
              .formatted(EventBench.MODEL, "a long question ".repeat(40));
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer = Clusters.post(bench.url(), "/v1/chat/completions", request);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("data: [DONE]").doesNotContain("usage");
      }
      assertThat(bench.metric("kvroute_cached_tokens_total{model=\"qwen3\",replica=\"r1\"}"))
          .isPositive();
    }
  }
}
