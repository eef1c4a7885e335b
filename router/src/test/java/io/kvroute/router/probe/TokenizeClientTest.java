package io.kvroute.router.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.openai.Recordings;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TokenizeClientTest {

  private static final String PATH = "/tokenize";
  private static final byte[] QUESTION = "{\"prompt\":\"Hi\"}".getBytes(UTF_8);
  private static final long PATIENT_MILLIS = 30_000;

  private final Fleet fleet = new Fleet();
  private final AtomicLong nowMillis = new AtomicLong();
  private final List<FakeEngine> engines = new ArrayList<>();
  private final TokenizeClient client =
      new TokenizeClient(fleet, ProbeSettings.defaults(), nowMillis::get);

  @BeforeEach
  void startOne() throws IOException {
    join(EngineKind.VLLM);
  }

  @AfterEach
  void stop() {
    client.close();
    engines.forEach(FakeEngine::close);
  }

  private FakeEngine join(EngineKind kind) throws IOException {
    FakeEngine engine = new FakeEngine(0);
    engines.add(engine);
    engine.answer(PATH, 200, "{\"count\":2,\"max_model_len\":9,\"tokens\":[3,14],\"x\":null}");
    up(engine.url(), kind);
    return engine;
  }

  private void up(URI url, EngineKind kind) {
    Replica replica = fleet.add(ReplicaSpec.at(url));
    List<ServedModel> models = List.of(new ServedModel("m", null, null, 0));
    fleet.report(replica.id(), new EngineFacts(kind, models, 16, 100, 1));
    fleet.up(replica.id());
  }

  private int @Nullable [] ask(long deadlineMillis) {
    CompletableFuture<int[]> answer = client.ask("m", QUESTION, deadlineMillis);
    await().until(answer::isDone);
    if (answer.state() == Future.State.SUCCESS) {
      return answer.resultNow();
    }
    assertThat(answer.exceptionNow()).isExactlyInstanceOf(TimeoutException.class);
    return null;
  }

  private int @Nullable [] ask() {
    return ask(PATIENT_MILLIS);
  }

  @Test
  void readsTheIdsOfARecordedEngine() {
    engines.getFirst().answer(PATH, 200, Recordings.named("tokenize prompt").responseText());

    assertThat(ask()).containsExactly(14990, 220, 151645, 1879);
  }

  @Test
  void sendsTheRequestAsJson() throws IOException {
    CompletableFuture<String> seen = new CompletableFuture<>();
    engines
        .getFirst()
        .on(
            PATH,
            exchange -> {
              seen.complete(
                  exchange.getRequestMethod()
                      + " "
                      + exchange.getRequestHeaders().getFirst("Content-Type")
                      + " "
                      + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
              exchange.sendResponseHeaders(200, -1);
            });

    assertThat(ask()).isNull();
    assertThat(seen).isCompletedWithValue("POST application/json {\"prompt\":\"Hi\"}");
  }

  @Test
  void asksReplicasInTurn() throws IOException {
    FakeEngine second = join(EngineKind.VLLM);
    for (int i = 0; i < 4; i++) {
      assertThat(ask()).containsExactly(3, 14);
    }

    assertThat(engines.getFirst().hits(PATH)).isEqualTo(2);
    assertThat(second.hits(PATH)).isEqualTo(2);
  }

  @Test
  void doesNotAskAReplicaWithoutTheEndpointForAWhile() {
    engines.getFirst().answer(PATH, 404, "{\"detail\":\"Not Found\"}");

    assertThat(ask()).isNull();
    assertThat(client.canAsk("m")).isFalse();
    assertThat(ask()).isNull();
    assertThat(engines.getFirst().hits(PATH)).isEqualTo(1);

    nowMillis.addAndGet(TokenizeClient.UNSUPPORTED_PAUSE_MILLIS);
    assertThat(client.canAsk("m")).isTrue();
  }

  @Test
  void doesNotAskAReplicaThatAnswersGarbageForAWhile() {
    for (String garbage :
        new String[] {
          "<html>",
          "[]",
          "{}",
          "{\"tokens\":7}",
          "{\"tokens\":[\"a\"]}",
          "{\"tokens\":[1,",
          "{\"tokens\":[-1]}",
          "{\"tokens\":[99999999999]}",
          "{\"tokens\":[]}"
        }) {
      nowMillis.addAndGet(TokenizeClient.UNSUPPORTED_PAUSE_MILLIS);
      engines.getFirst().answer(PATH, 200, garbage);

      assertThat(ask()).as(garbage).isNull();
      assertThat(client.canAsk("m")).as(garbage).isFalse();
    }
  }

  @Test
  void givesUpASlowReplicaAtTheDeadlineAndAsksAnotherNext() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    engines
        .getFirst()
        .on(
            PATH,
            exchange -> {
              try {
                assertThat(never.await(60, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    assertThat(ask(50)).isNull();
    assertThat(client.canAsk("m")).isFalse();

    FakeEngine second = join(EngineKind.VLLM);
    assertThat(ask()).containsExactly(3, 14);
    assertThat(ask()).containsExactly(3, 14);
    assertThat(second.hits(PATH)).isEqualTo(2);
    never.countDown();
  }

  @Test
  void aRejectedRequestDoesNotPauseTheReplica() {
    engines.getFirst().answer(PATH, 400, "{\"error\":{\"message\":\"no such role\"}}");

    assertThat(ask()).isNull();
    assertThat(client.canAsk("m")).isTrue();
  }

  @Test
  void neverAsksAnEngineWithoutTheEndpoint() throws IOException {
    fleet.snapshot().replicas().forEach(view -> fleet.down(view.id(), "gone"));
    FakeEngine trtllm = join(EngineKind.TRTLLM);

    assertThat(client.canAsk("m")).isFalse();
    assertThat(ask()).isNull();
    assertThat(trtllm.hits(PATH)).isZero();
  }

  @Test
  void limitsTheRequestsToOneReplica() {
    CountDownLatch gate = new CountDownLatch(1);
    engines
        .getFirst()
        .on(
            PATH,
            exchange -> {
              try {
                assertThat(gate.await(60, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              exchange.sendResponseHeaders(400, -1);
            });
    List<CompletableFuture<int[]>> asked = new ArrayList<>();
    for (int i = 0; i < TokenizeClient.MAX_IN_FLIGHT; i++) {
      assertThat(client.canAsk("m")).isTrue();
      asked.add(client.ask("m", QUESTION, PATIENT_MILLIS));
    }

    assertThat(client.canAsk("m")).isFalse();
    assertThat(client.ask("m", QUESTION, PATIENT_MILLIS)).isCompletedExceptionally();

    gate.countDown();
    await().until(() -> asked.stream().allMatch(Future::isDone));
    assertThat(client.canAsk("m")).isTrue();
  }
}
