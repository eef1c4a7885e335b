package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.loadtest.replica.KvEventFaults;
import io.kvroute.loadtest.replica.KvEventOptions;
import io.kvroute.loadtest.replica.ReplicaOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests when a replica's KV events are believed. If they end, fall silent or are contradicted, the
 * shadow takes over and knows all routed requests. When they prove right again, they are believed.
 */
final class KnowledgeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ReplicaOptions TELLING_NOTHING =
      ReplicaOptions.of(EventBench.MODEL, EventBench.engine(512), 3);
  private static final ReplicaOptions TELLING =
      TELLING_NOTHING.withKvEvents(KvEventOptions.anywhere("kv@replica"));

  private static String knowledge(EventBench bench) throws Exception {
    return bench.json().path("knowledge").asString();
  }

  private static void awaitKnowledge(EventBench bench, String knowledge) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(knowledge(bench)).isEqualTo(knowledge));
  }

  /** Sends prompts, some of which continue others, until this is the knowledge state. */
  private static void sendUntil(EventBench bench, String knowledge) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              bench.send(1);
              return knowledge(bench).equals(knowledge);
            });
  }

  private static void completeEachExactlyAsPredicted(EventBench bench, List<int[]> prompts)
      throws Exception {
    for (int[] prompt : prompts) {
      bench.awaitHeard();
      int matched = bench.matchedTokens(prompt);
      assertThat(bench.complete(prompt)).as("cached tokens").isEqualTo(matched);
    }
  }

  private static List<int[]> prompts(EventBench bench, int count, int tokens) {
    return Stream.generate(() -> bench.freshPrompt(tokens)).limit(count).toList();
  }

  @Test
  void anEngineThatStartsAgainAndNamesNoEventsIsModelled() throws Exception {
    try (EventBench bench = new EventBench(TELLING)) {
      bench.route();
      bench.awaitEvents();
      bench.send(10);
      bench.awaitTruth();
      bench.restartReplica(TELLING_NOTHING.withPort(bench.replica().port()));
      awaitKnowledge(bench, "shadow");
      bench.awaitUp();
      await().until(() -> bench.json().at("/events/state").asString().equals("off"));
      assertThat(bench.json().path("blocks_held").asInt()).isZero();
      List<int[]> prompts = prompts(bench, 5, 300);
      completeEachExactlyAsPredicted(bench, prompts);
      completeEachExactlyAsPredicted(bench, prompts);
      assertThat(bench.matchedTokens(prompts.getFirst())).isEqualTo(288);
    }
  }

  @Test
  void anEngineThatStartsAgainAndDoesNotPublishWhereItIsSaidToIsModelled() throws Exception {
    try (EventBench bench = new EventBench(TELLING)) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      bench.send(10);
      bench.awaitTruth();
      bench.restartReplica(TELLING_NOTHING.withPort(bench.replica().port()));
      awaitKnowledge(bench, "shadow");
      bench.awaitUp();
      assertThat(bench.json().path("blocks_held").asInt()).isZero();
      List<int[]> prompts = prompts(bench, 5, 300);
      completeEachExactlyAsPredicted(bench, prompts);
      completeEachExactlyAsPredicted(bench, prompts);
      assertThat(knowledge(bench)).isEqualTo("shadow");
    }
  }

  @Test
  void eventsThatFallSilentWhileRequestsFillBlocksGiveWayToAShadowThatKnowsThose()
      throws Exception {
    try (EventBench bench = new EventBench(TELLING)) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      List<int[]> before = prompts(bench, 3, 300);
      completeEachExactlyAsPredicted(bench, before);
      bench.awaitTruth();
      bench.replica().setKvEventFaults(new KvEventFaults(Integer.MAX_VALUE, 0));
      List<int[]> after = prompts(bench, 3, 300);
      for (int[] prompt : after) {
        bench.complete(prompt);
      }
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                bench.complete(bench.freshPrompt(50));
                return knowledge(bench).equals("shadow");
              });
      assertThat(bench.json().path("knowledge_state").asString()).isEqualTo("silent");
      assertThat(bench.json().path("warnings").toString()).contains("silent");
      completeEachExactlyAsPredicted(bench, before);
      completeEachExactlyAsPredicted(bench, after);

      bench.replica().setKvEventFaults(KvEventFaults.NONE);
      sendUntil(bench, "events");
      bench.awaitTruth();
    }
  }

  @Test
  void anIdleEngineMayBeSilentForAsLongAsItLikes() throws Exception {
    try (EventBench bench = new EventBench(TELLING)) {
      bench.route(bench.events());
      bench.awaitEvents();
      int[] prompt = bench.freshPrompt(20);
      bench.complete(prompt);
      bench.awaitTruth();
      bench.awaitScrapes(2);
      for (int i = 0; i < 12; i++) {
        assertThat(bench.complete(prompt)).as("no block is filled").isEqualTo(16);
      }
      assertThat(knowledge(bench)).isEqualTo("events");
    }
  }

  /**
   * Sends four prompts in turn to an engine that can hold three, so that it never finds one, while
   * its events report stored blocks only.
   */
  @Test
  void eventsThatWhatTheEngineReportsContradictsGiveWayUntilTheyProveRightAgain() throws Exception {
    ReplicaOptions small =
        ReplicaOptions.of(EventBench.MODEL, EventBench.engine(64), 3)
            .withKvEvents(KvEventOptions.anywhere(""));
    try (EventBench bench = new EventBench(small)) {
      bench.route(bench.events(), bench.replay());
      bench.awaitEvents();
      bench.replica().setKvEventFaults(new KvEventFaults(0, 0, Integer.MAX_VALUE));
      List<int[]> prompts = prompts(bench, 4, 300);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                for (int[] prompt : prompts) {
                  bench.complete(prompt);
                }
                return knowledge(bench).equals("shadow");
              });
      completeEachExactlyAsPredicted(bench, prompts);
      assertThat(bench.json().path("warnings").toString()).contains("disagrees");

      bench.replica().setKvEventFaults(KvEventFaults.NONE);
      Clusters.post(URI.create(bench.replica().url()), "/reset_prefix_cache", "{}");
      sendUntil(bench, "events");
      bench.awaitTruth();
    }
  }

  /** The first event does not discard the blocks that the shadow has learned before. */
  @Test
  void joiningLateLosesNothingThatWasRoutedBefore() throws Exception {
    try (EventBench bench = new EventBench(TELLING);
        StalledPipe pipe =
            new StalledPipe(Objects.requireNonNull(bench.replica().kvEventsEndpoint()))) {
      pipe.stall();
      bench.route("kv-events=" + pipe.endpoint());
      List<int[]> early = prompts(bench, 4, 300);
      completeEachExactlyAsPredicted(bench, early);
      completeEachExactlyAsPredicted(bench, early);
      assertThat(knowledge(bench)).isEqualTo("shadow");
      pipe.flow();
      bench.awaitEvents();
      assertThat(knowledge(bench)).isEqualTo("events");
      assertThat(bench.json().at("/events/state").asString()).isEqualTo("partial");
      completeEachExactlyAsPredicted(bench, early);
      for (int i = 0; i < 20; i++) {
        completeEachExactlyAsPredicted(bench, List.of(bench.nextPrompt()));
      }
    }
  }

  /** Sends requests before and while the router receives its first events. */
  @Test
  void theChangeFromShadowToEventsIsExact() throws Exception {
    for (int run = 0; run < 6; run++) {
      try (EventBench bench = new EventBench(TELLING)) {
        bench.route(bench.events());
        for (int i = 0; i < 12; i++) {
          completeEachExactlyAsPredicted(bench, List.of(bench.nextPrompt()));
        }
      }
    }
  }
}
