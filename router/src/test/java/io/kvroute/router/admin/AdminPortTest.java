package io.kvroute.router.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.learn.KnowledgeState;
import io.kvroute.router.prompt.EngineTokenizer;
import io.kvroute.router.prompt.ModelEncoders;
import io.kvroute.router.prompt.PromptPipeline;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.route.RouteQuery;
import io.kvroute.router.route.RouterOptions;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AdminPortTest {

  private static final String MODEL = "m";

  private final Fleet fleet = new Fleet();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RouteMetrics routes = new RouteMetrics(registry);
  private final FleetRouter router =
      new FleetRouter(
          fleet, RouterOptions.DEFAULTS, routes, () -> 1_000_000_000L, new SplittableRandom(1));
  private final KeySpace keySpace = new KeySpace(5);
  private final ModelEncoders encoders =
      new ModelEncoders(
          Map.of(),
          model -> PromptEncoderOptions.defaults(),
          (location, options) -> {
            throw new FileNotFoundException(location + ": no tokenizer.json");
          },
          Runnable::run,
          () -> 0);
  private final PromptPipeline pipeline =
      new PromptPipeline(
          encoders,
          EngineTokenizer.NONE,
          keySpace,
          new PromptMetrics(registry),
          1,
          1 << 20,
          () -> 0);
  private final HttpClient client = HttpClient.newHttpClient();

  private final KnowledgeMetrics knowledge = new KnowledgeMetrics(registry, id -> {});
  private final Map<String, String> levels = new TreeMap<>(Map.of("ROOT", "INFO"));
  private boolean serving = true;
  private AdminPort port;

  @BeforeEach
  void start() throws IOException {
    AdminServices services =
        new AdminServices(
            fleet,
            router,
            pipeline,
            new PromptKnowledge(pipeline, encoders, true, id -> List.of()),
            new AdminServices.KnowledgeViews(
                id -> null,
                id -> new KnowledgeState(KnowledgeState.Kind.OFF, Instant.EPOCH),
                knowledge::isDisputed),
            new FleetMetrics(fleet, router, routes, knowledge, registry),
            routes::experience,
            new AdminServices.LogLevels() {
              @Override
              public Map<String, String> levels() {
                return levels;
              }

              @Override
              public boolean set(String logger, @Nullable String level) {
                boolean known = level == null || level.equalsIgnoreCase("debug");
                if (known && level == null) {
                  levels.remove(logger);
                } else if (known) {
                  levels.put(logger, "DEBUG");
                }
                return known;
              }
            },
            () -> serving);
    port = AdminPort.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), services);
  }

  @AfterEach
  void stop() {
    port.close();
    pipeline.close();
    client.close();
  }

  private Replica join(boolean up) {
    int number = fleet.snapshot().replicas().size() + 1;
    Replica replica = fleet.add(ReplicaSpec.at(URI.create("http://10.0.0." + number + ":8000")));
    fleet.report(
        replica.id(),
        new EngineFacts(
            EngineKind.VLLM, List.of(new ServedModel(MODEL, "/models/m", null, 0)), 16, 257, 1));
    if (up) {
      fleet.up(replica.id());
    }
    return replica;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).GET().build());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port.address().getPort() + path);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    return JsonMapper.shared().readTree(answer.body());
  }

  private Reservation route(int tokens) {
    int[] ids = IntStream.range(0, tokens).toArray();
    PromptKeys keys =
        PromptKeys.of(PromptMode.TOKENS, keySpace.tokenRoot(MODEL, null), ids, ids.length);
    Decision decision = router.route(new RouteQuery(MODEL, keys, null, 1, Set.of()));
    return ((Decision.Reserved) decision).reservation();
  }

  @Test
  void isAlwaysAliveAndIsReadyWhileAReplicaIsUpAndRequestsAreAccepted() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    Replica replica = join(false);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).contains("no replica is up");

    fleet.up(replica.id());
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    serving = false;
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void replicasHaveTheFieldsOfTheContract() throws Exception {
    Replica up = join(true);
    encoders.served(List.of(MODEL), "/models/m", null);
    Reservation reservation = route(100);

    JsonNode replica = json(get("/replicas")).at("/replicas/0");

    assertThat(replica.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "url",
            "engine",
            "models",
            "state",
            "health",
            "drained",
            "breaker",
            "errors",
            "ttft_seconds",
            "inflight",
            "queued_prefill_tokens",
            "blocks_held",
            "block_capacity",
            "block_size",
            "seconds_per_prefill_token",
            "knowledge",
            "knowledge_state",
            "knowledge_since",
            "events",
            "mode",
            "tokenizer",
            "warnings");
    assertThat(replica.path("id").asString()).isEqualTo(up.id().value());
    assertThat(replica.path("url").asString()).isEqualTo("http://10.0.0.1:8000");
    assertThat(replica.path("engine").asString()).isEqualTo("vllm");
    assertThat(replica.path("models").toString()).isEqualTo("[\"m\"]");
    assertThat(replica.path("state").asString()).isEqualTo("up");
    assertThat(replica.path("inflight").asInt()).isEqualTo(1);
    assertThat(replica.path("queued_prefill_tokens").asInt()).isEqualTo(100);
    assertThat(replica.path("block_capacity").asInt()).isEqualTo(256);
    assertThat(replica.path("block_size").asInt()).isEqualTo(16);
    assertThat(replica.path("seconds_per_prefill_token").asDouble()).isPositive();
    assertThat(replica.path("knowledge").asString()).isEqualTo("shadow");
    assertThat(replica.path("events").toString())
        .isEqualTo("{\"state\":\"off\",\"last_seq\":-1,\"gaps\":0}");
    assertThat(replica.path("mode").toString()).isEqualTo("{\"m\":\"text\"}");
    assertThat(replica.path("tokenizer").toString()).isEqualTo("{\"m\":\"none\"}");
    assertThat(replica.path("warnings").toString()).contains("/models/m: no tokenizer.json");
    reservation.close(new Outcome.ClientLeft());
  }

  @Test
  void explainHasTheFieldsOfTheContractAndChangesNothing() throws Exception {
    join(true);
    Replica down = join(false);
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + "word ".repeat(100)
            + "\"}]}";

    JsonNode explained = json(post("/explain", body));

    assertThat(explained.propertyNames())
        .containsExactly("model", "mode", "prompt_tokens", "picked", "replicas");
    assertThat(explained.path("mode").asString()).isEqualTo("text");
    assertThat(explained.path("prompt_tokens").asInt()).isPositive();
    assertThat(explained.path("picked").asString()).isEqualTo("r1");
    assertThat(explained.at("/replicas/0").propertyNames())
        .containsExactly("id", "url", "state", "matched_tokens", "knowledge", "cost");
    assertThat(explained.at("/replicas/0/cost").propertyNames())
        .containsExactly("queue", "prefill", "step", "slot_wait", "harm", "evict", "total");
    assertThat(explained.at("/replicas/0/cost/prefill").asDouble()).isPositive();
    assertThat(explained.at("/replicas/1/id").asString()).isEqualTo(down.id().value());
    assertThat(explained.at("/replicas/1/state").asString()).isEqualTo("starting");
    assertThat(json(get("/replicas")).at("/replicas/0/inflight").asInt()).isZero();
  }

  @Test
  void explainAcceptsCompletionsAndReportsInvalidRequests() throws Exception {
    join(true);

    assertThat(json(post("/explain", "{\"model\":\"m\",\"prompt\":[1,2,3]}")).path("mode"))
        .hasToString("\"tokens\"");
    assertThat(post("/explain", "{").statusCode()).isEqualTo(400);
    assertThat(json(post("/explain", "{\"model\":\"m\"}")).at("/error/message").asString())
        .contains("prompt");
    HttpResponse<String> unknown = post("/explain", "{\"model\":\"x\",\"prompt\":\"a\"}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown).at("/error/message").asString()).contains("`x`", "m");
    assertThat(post("/explain?endpoint=/nowhere", "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void metricsHaveTheNamesOfTheContract() throws Exception {
    join(true);
    join(false);
    Reservation reservation = route(100);
    String during = get("/metrics").body();
    reservation.firstToken();
    reservation.close(new Outcome.Completed(100, 5, 64, new Outcome.Answer.Unknown()));

    assertThat(during.lines())
        .contains(
            "kvroute_replica_up{replica=\"r1\"} 1.0",
            "kvroute_replica_up{replica=\"r2\"} 0.0",
            "kvroute_replica_inflight{replica=\"r1\"} 1.0",
            "kvroute_routed_total{mode=\"tokens\",policy=\"kv-aware\",replica=\"r1\"} 1.0",
            "kvroute_prompt_tokens_total{model=\"m\",replica=\"r1\"} 100.0",
            "kvroute_matched_tokens_total{model=\"m\",replica=\"r1\"} 0.0",
            "kvroute_best_matched_tokens_total{model=\"m\"} 0.0",
            "kvroute_overhead_seconds_count{stage=\"lookup\"} 1",
            "kvroute_overhead_seconds_count{stage=\"pick\"} 1",
            "kvroute_overhead_seconds_count{stage=\"render\"} 0",
            "kvroute_overhead_seconds_count{stage=\"tokenize\"} 0")
        .anyMatch(line -> line.startsWith("kvroute_index_blocks{replica=\"r1\"} "));
    assertThat(get("/metrics").body().lines())
        .contains(
            "kvroute_replica_inflight{replica=\"r1\"} 0.0",
            "kvroute_cached_tokens_total{model=\"m\",replica=\"r1\"} 64.0",
            "kvroute_prediction_error_tokens_sum{replica=\"r1\"} 64.0");
  }

  @Test
  void removesTheMetersOfAReplicaThatLeft() throws Exception {
    Replica replica = join(true);
    route(100).close(new Outcome.ClientLeft());
    assertThat(get("/metrics").body()).contains("replica=\"r1\"");

    fleet.remove(replica.id());

    assertThat(get("/metrics").body()).doesNotContain("replica=\"r1\"");
  }

  @Test
  void theIndexShowsAReplicasBlocksWithoutTheirText() throws Exception {
    join(true);
    Reservation reservation = route(100);
    reservation.firstToken();
    reservation.close(new Outcome.Completed(100, 1, -1, new Outcome.Answer.Unknown()));

    JsonNode index = json(get("/index?replica=r1&limit=5"));

    assertThat(index.at("/largest/0/blocks").asInt()).isEqualTo(6);
    assertThat(index.at("/hottest/0/whole").asBoolean()).isTrue();
    assertThat(get("/index").statusCode()).isEqualTo(400);
    assertThat(get("/index?replica=r9").statusCode()).isEqualTo(404);
    assertThat(get("/index?replica=r1&limit=0").statusCode()).isEqualTo(400);
  }

  @Test
  void aDrainedReplicaReceivesNoNewRequests() throws Exception {
    Replica drained = join(true);
    join(true);

    JsonNode answer = json(post("/replicas/" + drained.id() + "/drain", ""));

    assertThat(answer.path("state").asString()).isEqualTo("draining");
    assertThat(fleet.snapshot().replica(drained.id()))
        .matches(view -> view.state() == ReplicaState.DRAINING);
    List<String> picked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      picked.add(route(100).replica().id().value());
    }
    assertThat(picked).containsOnly("r2");
    assertThat(post("/replicas/r9/drain", "").statusCode()).isEqualTo(404);
  }

  @Test
  void aDrainIsShownAndCanBeUndone() throws Exception {
    Replica drained = join(true);
    post("/replicas/" + drained.id() + "/drain", "");
    fleet.restarted(drained.id());
    fleet.up(drained.id());
    JsonNode shown = json(get("/replicas")).at("/replicas/0");
    assertThat(shown.path("state").asString()).isEqualTo("draining");
    assertThat(shown.path("drained").asBoolean()).isTrue();
    assertThat(shown.path("health").asString()).isEqualTo("up");

    HttpRequest undo = HttpRequest.newBuilder(uri("/replicas/r1/drain")).DELETE().build();
    assertThat(json(send(undo)).path("state").asString()).isEqualTo("up");

    assertThat(route(100).replica().id()).isEqualTo(drained.id());
    assertThat(json(get("/replicas")).at("/replicas/0/drained").asBoolean()).isFalse();
    HttpRequest unknown = HttpRequest.newBuilder(uri("/replicas/r9/drain")).DELETE().build();
    assertThat(send(unknown).statusCode()).isEqualTo(404);
  }

  @Test
  void logLevelsChangeAtRunTime() throws Exception {
    HttpResponse<String> changed = put("/loggers/io.kvroute.router.probe", "{\"level\":\"debug\"}");
    assertThat(json(changed).at("/loggers/io.kvroute.router.probe").asString()).isEqualTo("DEBUG");
    assertThat(json(get("/loggers")).at("/loggers/ROOT").asString()).isEqualTo("INFO");

    put("/loggers/io.kvroute.router.probe", "{\"level\":null}");
    assertThat(json(get("/loggers")).path("loggers").size()).isEqualTo(1);

    assertThat(put("/loggers/ROOT", "{\"level\":\"loud\"}").statusCode()).isEqualTo(400);
    assertThat(put("/loggers/ROOT", "{}").statusCode()).isEqualTo(400);
    assertThat(put("/loggers/ROOT", "debug").statusCode()).isEqualTo(400);
    assertThat(put("/loggers/a%0Ab", "{\"level\":\"debug\"}").statusCode()).isEqualTo(400);
  }

  private HttpResponse<String> put(String path, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path)).PUT(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  @Test
  void errorsBreakerAndFirstTokensAreShownByReplica() throws Exception {
    Replica replica = join(true);
    route(100).close(new Outcome.Refused(400));
    for (int i = 0; i < 2; i++) {
      route(100).close(new Outcome.ReplicaFailed("connection-lost"));
    }

    JsonNode shown = json(get("/replicas")).at("/replicas/0");
    assertThat(shown.path("errors").asInt()).isEqualTo(2);
    assertThat(shown.path("breaker").asString()).isEqualTo("open");
    assertThat(get("/metrics").body())
        .contains(
            "kvroute_replica_errors_total{reason=\"connection-lost\",replica=\"r1\"} 2.0",
            "kvroute_replica_in_rotation{replica=\"r1\"} 0.0");

    Reservation answered = route(100);
    answered.firstToken();
    answered.close(new Outcome.Completed(100, 1, -1, new Outcome.Answer.Unknown()));
    assertThat(get("/metrics").body())
        .contains("kvroute_replica_ttft_seconds_count{replica=\"r1\"} 1");
    assertThat(json(get("/replicas")).at("/replicas/0/ttft_seconds").isNumber()).isTrue();
    assertThat(replica.id().value()).isEqualTo("r1");
  }

  @Test
  void unknownPathsAndMethodsAreErrorsInJson() throws Exception {
    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(json(get("/nowhere")).at("/error/type").asString()).isEqualTo("NotFoundError");
    assertThat(get("/explain").statusCode()).isEqualTo(405);
    assertThat(get("/replicas/").statusCode()).isEqualTo(404);
    HttpResponse<String> head =
        send(
            HttpRequest.newBuilder(uri("/livez"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }
}
