package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.config.ConfigSources;
import io.kvroute.loadtest.replica.KvEventOptions;
import io.kvroute.loadtest.replica.ReplicaOptions;
import io.kvroute.loadtest.replica.ServedNames;
import io.kvroute.loadtest.replica.SimulatedReplica;
import io.kvroute.loadtest.replica.TokenizerText;
import io.kvroute.router.app.RunningRouter;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.tokenizer.BundledModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tests that the names of one model share its prefixes. */
final class ServedNamesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PROMPT_TOKENS = 400;

  private final TokenizerText text;
  private final SplittableRandom random = new SplittableRandom(31);
  private final List<SimulatedReplica> replicas = new ArrayList<>();
  private RunningRouter router;

  ServedNamesTest() throws IOException {
    text = TokenizerText.open(BundledModel.qwen3());
  }

  @AfterEach
  void stop() {
    router.close();
    replicas.forEach(SimulatedReplica::close);
  }

  private static ReplicaOptions serving(boolean events, String root, String... names) {
    ReplicaOptions options =
        ReplicaOptions.of("m", EventBench.engine(512), 1)
            .withServed(new ServedNames(List.of(names), root));
    return events ? options.withKvEvents(KvEventOptions.anywhere("kv@r")) : options;
  }

  private void start(ReplicaOptions options) throws Exception {
    replicas.add(SimulatedReplica.start(options, text));
  }

  private void route() throws Exception {
    String[] urls = replicas.stream().map(SimulatedReplica::url).toArray(String[]::new);
    router =
        RunningRouter.start(
            new ConfigSources()
                .set("listen", "127.0.0.1:0")
                .set("admin-listen", "127.0.0.1:0")
                .set("replicas", urls)
                .set("tokenizers", "qwen3=bundled:qwen3")
                .set("routing-headers", "true")
                .load(),
            Map.of("HF_HUB_OFFLINE", "1"));
    for (int i = 0; i < replicas.size(); i++) {
      awaitServing(i, replicas.get(i));
    }
  }

  private void awaitServing(int place, SimulatedReplica replica) throws Exception {
    List<String> names =
        Clusters.getJson(URI.create(replica.url()), "/v1/models")
            .path("data")
            .valueStream()
            .map(card -> card.path("id").asString())
            .toList();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              ReplicaView view = router.fleet().snapshot().replicas().get(place);
              return view.ready(names.getFirst())
                  && view.facts().models().stream().map(ServedModel::id).toList().equals(names);
            });
  }

  private URI data() {
    return URI.create("http://127.0.0.1:" + router.dataAddress().getPort());
  }

  private URI admin() {
    return URI.create("http://127.0.0.1:" + router.adminAddress().getPort());
  }

  /** Sends a prompt that shares no prefix with others. */
  private int[] complete(String name) throws Exception {
    int[] prompt = random.ints(PROMPT_TOKENS, 0, 150_000).toArray();
    HttpResponse<String> answer =
        Clusters.post(data(), "/v1/completions", completion(name, prompt));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return prompt;
  }

  private static String completion(String name, int[] prompt) {
    return "{\"model\":\"%s\",\"max_tokens\":3,\"prompt\":%s}"
        .formatted(name, Arrays.toString(prompt));
  }

  /** Waits until a request with that name finds all blocks of the prompt that a replica holds. */
  private void awaitFound(String name, int[] prompt) {
    await().atMost(PATIENCE).untilAsserted(() -> assertFound(name, prompt));
  }

  private void assertFound(String name, int[] prompt) throws Exception {
    JsonNode told =
        Clusters.json(Clusters.post(admin(), "/explain", completion(name, prompt)).body())
            .path("replicas");
    assertThat(told.size()).isPositive();
    int most = 0;
    for (JsonNode replica : told) {
      int place = Integer.parseInt(replica.path("id").asString().substring(1)) - 1;
      int held = replicas.get(place).cachedTokens(prompt);
      assertThat(replica.path("matched_tokens").asInt()).as(name + " at " + place).isEqualTo(held);
      most = Math.max(most, held);
    }
    assertThat(most).as(name).isGreaterThan(PROMPT_TOKENS - 32);
  }

  private void awaitKnownBy(boolean events, int place) {
    if (events) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                JsonNode shown = Clusters.getJson(admin(), "/replicas").path("replicas").get(place);
                assertThat(shown.path("knowledge").asString()).isEqualTo("events");
              });
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPrefixSentByOneNameIsFoundByEveryOther(boolean events) throws Exception {
    start(serving(events, "/models/qwen3", "qwen3", "gpt-4", "default"));
    route();

    for (String sent : List.of("default", "qwen3", "gpt-4")) {
      int[] prompt = complete(sent);
      for (String asked : List.of("qwen3", "gpt-4", "default")) {
        awaitFound(asked, prompt);
      }
    }
    awaitKnownBy(events, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itDoesNotMatterWhichNameAReplicaTellsFirstNorWhereItsFilesLie(boolean events)
      throws Exception {
    start(serving(events, "/models/qwen3", "qwen3", "gpt-4"));
    start(serving(events, "./model", "gpt-4", "default"));
    start(serving(events, "hub/qwen3", "default"));
    route();

    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      prompts.add(complete(List.of("gpt-4", "qwen3", "default").get(i % 3)));
    }
    for (int[] prompt : prompts) {
      awaitFoundByThoseWhoCanSeeIt(prompt);
    }
  }

  /** A request finds a prompt if a replica that serves its model name holds the prompt. */
  private void awaitFoundByThoseWhoCanSeeIt(int[] prompt) {
    List<List<Integer>> served = List.of(List.of(0, 1), List.of(0), List.of(1, 2));
    List<String> names = List.of("gpt-4", "qwen3", "default");
    int askers = 0;
    for (int i = 0; i < names.size(); i++) {
      if (served.get(i).stream().anyMatch(place -> replicas.get(place).cachedTokens(prompt) > 0)) {
        awaitFound(names.get(i), prompt);
        askers++;
      }
    }
    assertThat(askers).isPositive();
  }

  @Test
  void chatsByANameWithoutASettingAreTokenizedAsThoseByTheNameThatHasOne() throws Exception {
    start(serving(false, "/nothing/there", "qwen3", "gpt-4"));
    route();
    String words = "one two three four five six seven eight ".repeat(20);
    String chat =
        "{\"model\":\"%s\",\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

    Clusters.post(data(), "/v1/chat/completions", chat.formatted("qwen3", words));
    HttpResponse<String> next =
        Clusters.post(data(), "/v1/chat/completions", chat.formatted("gpt-4", words));

    assertThat(next.headers().firstValue("x-kvroute-mode")).hasValue("tokens");
    assertThat(next.headers().firstValue("x-kvroute-matched-tokens").map(Integer::valueOf))
        .hasValueSatisfying(matched -> assertThat(matched).isGreaterThan(100));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewOrderOfNamesOnOneReplicaLosesNothingOfAnother(boolean events) throws Exception {
    start(serving(events, "/models/qwen3", "qwen3", "gpt-4"));
    start(serving(events, "/models/qwen3", "qwen3", "gpt-4"));
    route();
    List<int[]> prompts = new ArrayList<>();
    while (prompts.stream().noneMatch(prompt -> replicas.get(1).cachedTokens(prompt) > 0)) {
      prompts.add(complete("gpt-4"));
    }

    restart(0, serving(events, "/models/qwen3", "default", "gpt-4", "qwen3"));

    int[] kept = prompts.getLast();
    for (String name : List.of("qwen3", "gpt-4")) {
      awaitFound(name, kept);
    }
  }

  private void restart(int place, ReplicaOptions options) throws Exception {
    int port = replicas.get(place).port();
    replicas.get(place).close();
    replicas.set(place, SimulatedReplica.start(options.withPort(port), text));
    awaitServing(place, replicas.get(place));
  }

  @Test
  void whatEventsToldIsAskedForAgainWhereAReplicaShowsThatTwoNamesAreOne() throws Exception {
    start(serving(true, "/models/qwen3", "qwen3"));
    start(serving(true, "/models/qwen3", "gpt-4"));
    start(serving(true, "/models/qwen3", "other"));
    route();
    int[] byTheFirst = complete("qwen3");
    int[] byTheSecond = complete("gpt-4");
    awaitFound("qwen3", byTheFirst);
    awaitFound("gpt-4", byTheSecond);
    awaitKnownBy(true, 0);
    awaitKnownBy(true, 1);

    restart(2, serving(true, "/models/qwen3", "qwen3", "gpt-4"));

    awaitFound("qwen3", byTheFirst);
    awaitFound("gpt-4", byTheSecond);
    int[] later = complete("gpt-4");
    awaitFound("gpt-4", later);
  }

  @Test
  void eventsAreStillFoundWhereTheNameThatAReplicaToldFirstHasGone() throws Exception {
    start(serving(true, "/models/qwen3", "qwen3"));
    start(serving(true, "/models/qwen3", "gpt-4", "qwen3"));
    route();
    awaitFound("gpt-4", complete("gpt-4"));
    awaitKnownBy(true, 1);

    restart(1, serving(true, "/models/qwen3", "qwen3"));
    restart(0, serving(true, "/models/qwen3", "other"));

    awaitFound("qwen3", complete("qwen3"));
    awaitKnownBy(true, 1);
  }
}
