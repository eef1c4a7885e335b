package io.kvroute.router.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.TestGuards;
import io.kvroute.router.openai.Recordings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbesTest {

  private static final ProbeSettings LONG_TIMEOUT =
      new ProbeSettings(10, 10, 60_000, 3, 2, 1, 1 << 20, null);
  private static final ProbeSettings SHORT_TIMEOUT =
      new ProbeSettings(10, 10, 100, 3, 2, 1, 1 << 20, null);

  private final Fleet fleet = new Fleet();
  private final Map<ReplicaId, Double> hitTokens = new ConcurrentHashMap<>();
  private FakeEngine engine = engine(0);
  private @Nullable Probes probes;

  private static FakeEngine engine(int port) {
    try {
      return new FakeEngine(port);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    hitTokens.clear();
  }

  @AfterEach
  void stop() {
    if (probes != null) {
      probes.close();
    }
    engine.close();
  }

  private ReplicaId watch(ProbeSettings settings, URI url) {
    Probes started =
        new Probes(
            fleet, (id, queries, hits) -> hitTokens.put(id, hits), settings, TestGuards.UNCOUNTED);
    probes = started;
    Replica replica = fleet.add(ReplicaSpec.at(url));
    started.watch(replica);
    return replica.id();
  }

  private ReplicaView view(ReplicaId id) {
    return Objects.requireNonNull(fleet.snapshot().replica(id));
  }

  private void awaitState(ReplicaId id, ReplicaState state) {
    await().until(() -> view(id).state() == state);
  }

  @Test
  void reportsTheFactsOfARecordedEngine() {
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());

    awaitState(id, ReplicaState.UP);

    assertThat(view(id).facts())
        .isEqualTo(
            new EngineFacts(
                EngineKind.VLLM,
                List.of(new ServedModel("qwen3", "tiny/qwen3-tiny", null, 16384)),
                32,
                1000,
                1.79524596616e+09));
    assertThat(hitTokens).containsEntry(id, 960.0);
  }

  @Test
  void countersThatFallAreARestartEvenWithoutAReportedStartTime() {
    String metrics =
        """
        vllm:num_requests_running{model_name="m"} 0.0
        vllm:prefix_cache_queries_total{model_name="m"} %d
        """;
    engine.answer("/metrics", 200, metrics.formatted(400));
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());
    awaitState(id, ReplicaState.UP);

    engine.answer("/metrics", 200, metrics.formatted(7));

    await().until(() -> view(id).restarts() == 1);
  }

  @Test
  void reportsWhereARecordedEnginePublishesItsEvents() {
    engine.answer("/kv_event_sources", 200, Recordings.named("kv_event_sources").responseText());
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());

    awaitState(id, ReplicaState.UP);

    assertThat(view(id).facts().events())
        .containsExactly(new EventEndpoint(0, "tcp://127.0.0.1:5601", "tcp://127.0.0.1:5701"));
  }

  @Test
  void aReplicaThatRefusesConnectionsIsDownUntilItsFirstGoodAnswer() {
    int port = engine.port();
    engine.close();
    ReplicaId id = watch(LONG_TIMEOUT, URI.create("http://127.0.0.1:" + port));

    awaitState(id, ReplicaState.DOWN);
    assertThat(view(id).warnings()).containsExactly("it refuses connections");

    engine = engine(port);
    awaitState(id, ReplicaState.UP);
  }

  @Test
  void aNameWithoutAnAddressIsReportedAsThat() {
    ReplicaId id = watch(LONG_TIMEOUT, URI.create("http://no-such-host.invalid:8000"));
    awaitState(id, ReplicaState.DOWN);
    assertThat(view(id).warnings()).containsExactly("its name no-such-host.invalid has no address");
  }

  @Test
  void aSleepingEngineIsDownUntilItWakesAndHasLostItsCache() {
    String metrics = Recordings.named("metrics").responseText();
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());
    awaitState(id, ReplicaState.UP);
    int restarts = view(id).restarts();

    engine.answer(
        "/metrics",
        200,
        metrics + "\nvllm:engine_sleep_state{engine=\"0\",sleep_state=\"discard_all\"} 1.0\n");
    awaitState(id, ReplicaState.DOWN);
    assertThat(view(id).warnings()).containsExactly("its engine is asleep");
    assertThat(view(id).restarts()).isEqualTo(restarts + 1);

    engine.answer("/metrics", 200, metrics);
    awaitState(id, ReplicaState.UP);
  }

  @Test
  void aReplicaThatReportsItselfUnhealthyIsDown() {
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());
    awaitState(id, ReplicaState.UP);

    engine.answer("/health", 503, "");

    awaitState(id, ReplicaState.DOWN);
    assertThat(view(id).warnings()).containsExactly("GET /health: status 503 (expected: 200)");
  }

  @Test
  void aReplicaThatHangsIsDownAfterAFewRounds() {
    CountDownLatch end = new CountDownLatch(1);
    ReplicaId id = watch(SHORT_TIMEOUT, engine.url());
    awaitState(id, ReplicaState.UP);
    int before = engine.hits("/health");

    engine.on(
        "/health",
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    awaitState(id, ReplicaState.DOWN);
    assertThat(view(id).warnings()).containsExactly("GET /health: no answer within 100 ms");
    assertThat(engine.hits("/health")).isGreaterThanOrEqualTo(before + 3);
    end.countDown();
  }

  @Test
  void anEndlessAnswerIsCutOff() {
    engine.on(
        "/v1/models",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] junk = "[1,2,3,4,5,6,7,8]".repeat(1000).getBytes(UTF_8);
          for (int i = 0; i < 10_000; i++) {
            exchange.getResponseBody().write(junk);
          }
        });
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());

    awaitState(id, ReplicaState.DOWN);
    assertThat(view(id).warnings().toString()).contains("GET /v1/models").contains("capacity");
  }

  @Test
  void aReplicaIsNotUpBeforeItListsItsModels() {
    engine.answer("/v1/models", 401, "{\"error\":\"Unauthorized\"}");
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());

    awaitState(id, ReplicaState.DOWN);
    assertThat(view(id).warnings()).containsExactly("GET /v1/models: status 401 (expected: 200)");

    engine.on(
        "/v1/models",
        exchange -> {
          String key = exchange.getRequestHeaders().getFirst("Authorization");
          boolean known = "Bearer secret".equals(key);
          exchange.sendResponseHeaders(known ? 200 : 401, 0);
          exchange
              .getResponseBody()
              .write(known ? Recordings.named("models").response() : new byte[0]);
        });
    ProbeSettings withKey = new ProbeSettings(10, 10, 60_000, 3, 2, 1, 1 << 20, "secret");
    Objects.requireNonNull(probes).close();
    awaitState(watch(withKey, engine.url()), ReplicaState.UP);
  }

  @Test
  void noticesARestartByTheStartTimeOfTheProcess() {
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());
    awaitState(id, ReplicaState.UP);

    String metrics = Recordings.named("metrics").responseText();
    engine.answer("/metrics", 200, metrics.replace("1.79524596616e+09", "1.79524600000e+09"));

    await().until(() -> view(id).restarts() == 1);
  }

  @Test
  void followsLoadAndModelsAsTheyChange() {
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());
    awaitState(id, ReplicaState.UP);

    String metrics = Recordings.named("metrics").responseText();
    engine.answer(
        "/metrics",
        200,
        metrics.replace(
            "vllm:num_requests_waiting{engine=\"0\",model_name=\"qwen3\"} 0.0",
            "vllm:num_requests_waiting{engine=\"0\",model_name=\"qwen3\"} 7.0"));
    engine.answer("/v1/models", 200, "{\"data\":[{\"id\":\"other\"}]}");

    await().until(() -> view(id).load().equals(new EngineLoad(0, 7, 0)));
    await().until(() -> view(id).facts().serves("other"));
  }

  @Test
  void usesAnEngineThatOnlyListsItsModels() {
    engine.answer("/health", 404, "");
    engine.answer("/metrics", 404, "");
    engine.answer("/v1/models", 200, "{\"data\":[{\"id\":\"m\",\"owned_by\":\"me\"}]}");
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());

    awaitState(id, ReplicaState.UP);
    assertThat(view(id).facts().engine()).isEqualTo(EngineKind.OPENAI);
  }

  @Test
  void readsTheCacheOfTensorRtLlm() {
    engine.answer(
        "/metrics",
        200,
        "[{\"iter\":1},{\"iter\":2,\"numActiveRequests\":3,\"kvCacheStats\":"
            + "{\"maxNumBlocks\":400,\"tokensPerBlock\":32,\"usedNumBlocks\":100}}]");
    engine.answer("/v1/models", 200, "{\"data\":[{\"id\":\"m\",\"owned_by\":\"tensorrt_llm\"}]}");
    ReplicaId id = watch(LONG_TIMEOUT, engine.url());
    awaitState(id, ReplicaState.UP);

    engine.answer("/metrics", 200, "[]");
    int seen = engine.hits("/metrics");
    await().until(() -> engine.hits("/metrics") > seen + 1);

    assertThat(view(id).facts())
        .isEqualTo(
            new EngineFacts(
                EngineKind.TRTLLM, List.of(new ServedModel("m", null, null, 0)), 32, 400, 0));
    assertThat(view(id).load()).isEqualTo(new EngineLoad(3, 0, 0.25));
  }

  @Test
  void probesAtOnceWhenARequestHasFailed() {
    ProbeSettings slow = new ProbeSettings(3_600_000, 10, 60_000, 3, 2, 1, 1 << 20, null);
    ReplicaId id = watch(slow, engine.url());
    awaitState(id, ReplicaState.UP);
    engine.answer("/health", 503, "");

    await()
        .until(
            () -> {
              Objects.requireNonNull(probes).suspect(id);
              return view(id).state() == ReplicaState.DOWN;
            });
  }

  @Test
  void scrapesTheMetricsOfAReplicaThatIsUpInOneRoundOfMany() {
    ProbeSettings sparing = new ProbeSettings(10, 10, 60_000, 3, 2, 5, 1 << 20, null);
    ReplicaId id = watch(sparing, engine.url());
    awaitState(id, ReplicaState.UP);

    await().until(() -> engine.hits("/health") >= 21);

    assertThat(engine.hits("/metrics")).isBetween(2, 6);
  }

  @Test
  void doesNotAskAReplicaForItsHealthThatAnswersRequests() {
    ProbeSettings slow = new ProbeSettings(500, 500, 60_000, 3, 1, 1, 1 << 20, null);
    ReplicaId id = watch(slow, engine.url());
    awaitState(id, ReplicaState.UP);
    int asked = engine.hits("/health");
    int rounds = engine.hits("/v1/models");

    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              Objects.requireNonNull(probes).answered(id);
              return engine.hits("/v1/models") >= rounds + 3;
            });

    assertThat(engine.hits("/health")).isEqualTo(asked);
  }
}
