package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.config.ConfigSources;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.replica.ModelText;
import io.kvroute.loadtest.replica.ReplicaOptions;
import io.kvroute.loadtest.replica.SimulatedReplica;
import io.kvroute.loadtest.replica.TokenizerText;
import io.kvroute.router.app.RunningRouter;
import io.kvroute.tokenizer.BundledModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One simulated replica with a router in front of it. Event tests use it to check that the router
 * believes what the engine holds. Prompts are token ids; some continue earlier prompts.
 */
final class EventBench implements AutoCloseable {

  static final String MODEL = "qwen3";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ModelText text = TokenizerText.open(BundledModel.qwen3());
  private final SplittableRandom random = new SplittableRandom(29);
  private final List<int[]> prompts = new CopyOnWriteArrayList<>();
  private final Map<String, String> properties = new HashMap<>();
  private SimulatedReplica replica;
  private @Nullable RunningRouter router;

  EventBench(ReplicaOptions options) throws Exception {
    replica = SimulatedReplica.start(options, text);
  }

  /** Starts a replica with so many blocks of 16 tokens; with 64, a few prompts evict others. */
  static EngineProfile engine(int blocks) {
    EngineProfile profile = EngineProfile.qwen3OnL4().withBlocks(blocks, 16);
    return profile.withCost(profile.cost().withInterTokenMillis(0.2).withPrefillRate(1_000_000));
  }

  SimulatedReplica replica() {
    return replica;
  }

  /** Sets a property of the router that {@link #route} will start. */
  void configure(String property, String value) {
    properties.put(property, value);
  }

  /** The base URL of the data port. */
  URI url() {
    return uri(router().dataAddress().getPort());
  }

  /** A prompt that shares no prefix with others. */
  int[] freshPrompt(int tokens) {
    return random.ints(tokens, 0, 150_000).toArray();
  }

  /** Replaces the engine's process by a new one. */
  void restartReplica(ReplicaOptions options) throws Exception {
    replica.close();
    replica = SimulatedReplica.start(options, text);
  }

  /**
   * Starts the router and waits until it has seen the replica.
   *
   * @param settings the settings after the URL in {@code --replica}, such as {@code kv-events=...}
   */
  void route(String... settings) throws Exception {
    List<String> spec = new ArrayList<>(List.of(replica.url()));
    spec.addAll(List.of(settings));
    ConfigSources sources =
        new ConfigSources()
            .set("listen", "127.0.0.1:0")
            .set("admin-listen", "127.0.0.1:0")
            .set("replicas", String.join(",", spec))
            .set("tokenizers", MODEL + "=bundled:qwen3");
    properties.forEach(sources::set);
    router = RunningRouter.start(sources.load(), Map.of());
    awaitUp();
  }

  /** Waits until the router considers the replica ready. */
  void awaitUp() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                router().fleet().snapshot().replicas().stream()
                    .allMatch(view -> view.ready(MODEL)));
  }

  private RunningRouter router() {
    if (router == null) {
      throw new IllegalStateException("route() comes first");
    }
    return router;
  }

  /** The setting that names the replica's publisher. */
  String events() {
    return "kv-events=" + replica.kvEventsEndpoint();
  }

  /** The setting that names its replay socket. */
  String replay() {
    return "kv-replay=" + replica.kvReplayEndpoint();
  }

  /** Sends prompts one after another, to the router if there is one. */
  void send(int requests) throws Exception {
    for (int i = 0; i < requests; i++) {
      complete(nextPrompt());
    }
  }

  /** A prompt of up to 20 blocks; one in two continues an earlier one. */
  int[] nextPrompt() {
    int[] earlier =
        prompts.isEmpty() || random.nextBoolean()
            ? new int[0]
            : prompts.get(random.nextInt(prompts.size()));
    int shared = earlier.length > 200 ? 200 : earlier.length;
    int[] prompt = Arrays.copyOf(earlier, shared + random.nextInt(5, 120));
    for (int i = shared; i < prompt.length; i++) {
      prompt[i] = random.nextInt(150_000);
    }
    return prompt;
  }

  /** Sends one prompt and returns the cached tokens that the engine reports. */
  int complete(int[] prompt) throws Exception {
    prompts.add(prompt);
    return complete(router == null ? URI.create(replica.url()) : url(), prompt);
  }

  /** Sends so many tokens to the engine directly, as another client would. */
  void flood(int tokens) throws Exception {
    int longest = replica.contextTokens() - 8;
    for (int sent = 0; sent < tokens; sent += longest) {
      complete(URI.create(replica.url()), random.ints(longest, 70_000, 150_000).toArray());
    }
  }

  private static int complete(URI base, int[] prompt) throws Exception {
    HttpResponse<String> answer =
        Clusters.post(
            base,
            "/v1/completions",
            "{\"model\":\"%s\",\"max_tokens\":3,\"prompt\":%s}"
                .formatted(MODEL, Arrays.toString(prompt)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Clusters.json(answer.body()).at("/usage/prompt_tokens_details/cached_tokens").asInt();
  }

  /** Polls the engine's events during so many prompts, as another router would. */
  void steal(int requests) throws Exception {
    for (int i = 0; i < requests; i++) {
      send(1);
      Clusters.post(URI.create(replica.url()), "/kv_cache_events", "");
    }
  }

  /** Sends requests until the router has received an event of the replica. */
  void awaitEvents() throws Exception {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              send(1);
              return json().at("/events/last_seq").asLong() >= 0
                  && !json().at("/events/state").asString().equals("replaying");
            });
  }

  /** Waits until the router has read the engine's metrics so many more times. */
  void awaitScrapes(int more) {
    long before = scrapes();
    await().atMost(PATIENCE).until(() -> scrapes() >= before + more);
  }

  private long scrapes() {
    return router().fleet().snapshot().replicas().getFirst().loadReports();
  }

  /**
   * Sends requests until the router has noticed a loss and received nearly all batches since. The
   * loss of a batch shows only in the next batch that arrives.
   */
  void awaitCaughtUpAfterGap() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              send(1);
              return json().at("/events/gaps").asInt() > 0
                  && json().at("/events/last_seq").asLong() >= replica.publishedBatches() - 3;
            });
  }

  /** Waits until the router believes exactly what the engine holds. */
  void awaitTruth() {
    await().atMost(PATIENCE).untilAsserted(this::assertTruth);
  }

  void assertTruth() throws Exception {
    assertThat(json().path("knowledge").asString()).isEqualTo("events");
    for (int[] prompt : prompts) {
      assertThat(matchedTokens(prompt)).isEqualTo(replica.cachedTokens(prompt));
    }
    assertThat(json().path("blocks_held").asInt()).isEqualTo(replica.cachedBlocks());
  }

  /** Waits until the router has received all published batches, if it receives events at all. */
  void awaitHeard() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !json().path("knowledge").asString().equals("events")
                    || json().at("/events/last_seq").asLong() == replica.publishedBatches() - 1);
  }

  /** Waits until the router has received all batches and believes in no block that is missing. */
  void awaitNothingUntrue() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(json().at("/events/last_seq").asLong())
                    .isEqualTo(replica.publishedBatches() - 1));
    awaitNothingAbove();
  }

  /** Waits until the router believes in no block that is missing. */
  void awaitNothingAbove() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              for (int[] prompt : prompts) {
                assertThat(matchedTokens(prompt)).isLessThanOrEqualTo(replica.cachedTokens(prompt));
              }
              assertThat(json().path("blocks_held").asInt())
                  .isLessThanOrEqualTo(replica.cachedBlocks());
            });
  }

  void awaitState(String state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(json().at("/events/state").asString()).isEqualTo(state));
  }

  int matchedTokens(int[] prompt) throws Exception {
    HttpResponse<String> answer =
        Clusters.post(
            uri(router().adminAddress().getPort()),
            "/explain",
            "{\"model\":\"%s\",\"prompt\":%s}".formatted(MODEL, Arrays.toString(prompt)));
    return Clusters.json(answer.body()).at("/replicas/0/matched_tokens").asInt();
  }

  /** The entry of the replica in {@code /replicas}. */
  JsonNode json() throws Exception {
    return Clusters.getJson(uri(router().adminAddress().getPort()), "/replicas").at("/replicas/0");
  }

  /** A sample of the router's metrics; 0 if there is none. */
  double metric(String sample) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(router().adminAddress().getPort()).resolve("/metrics")).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    if (router != null) {
      router.close();
    }
    replica.close();
  }
}
