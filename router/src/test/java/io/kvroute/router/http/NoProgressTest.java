package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.http.DataPortOptions.TimeoutOptions;
import io.kvroute.router.route.Health;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.ReplicaStats;
import io.kvroute.router.testing.NoBufferLeaks;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fleet and the progress of engines tell reaches requests that have been sent already. */
@ExtendWith(NoBufferLeaks.class)
final class NoProgressTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String EVENT = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
  private static final ReplicaId FIRST = new ReplicaId("r1");
  private static final int LONG = 60_000;
  private static final int SILENCE = 400;

  private static String streamed() {
    return chat().replace("\"model\"", "\"stream\":true,\"model\"");
  }

  private static FakeReplica hung() {
    return new FakeReplica(call -> call.stream().untilHungUp());
  }

  private static FakeReplica serving() {
    return new FakeReplica(
        call -> {
          call.stream().chunk(EVENT).chunk("data: [DONE]\n\n");
          call.endOfChunks();
        });
  }

  private static ProxyFixture.Setup setup(FakeReplica... replicas) {
    return ProxyFixture.setup()
        .replicas(replicas)
        .options(o -> o.timeouts(new TimeoutOptions(LONG, LONG, LONG, SILENCE, LONG)));
  }

  static Stream<Named<BiConsumer<ProxyFixture, ReplicaId>>> waysOut() {
    return Stream.of(
        Named.of("down", (proxy, id) -> proxy.fleet().down(id, "no answer")),
        Named.of("drained", (proxy, id) -> proxy.fleet().drain(id)),
        Named.of("removed", (proxy, id) -> proxy.fleet().remove(id)));
  }

  @ParameterizedTest
  @MethodSource("waysOut")
  void aRequestThatWaitsAtAReplicaThatIsOutMovesToAnother(BiConsumer<ProxyFixture, ReplicaId> out)
      throws Exception {
    try (FakeReplica leaving = hung();
        FakeReplica other = serving();
        ProxyFixture proxy = setup(leaving, other).open()) {
      RawClient client = proxy.client().post(CHAT, streamed());
      await().until(() -> leaving.calls().size() == 1);

      out.accept(proxy, FIRST);

      RawClient.Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(EVENT + "data: [DONE]\n\n");
      assertThat(answer.headers()).containsEntry("x-kvroute-replica", "r2");
      assertThat(leaving.calls().getFirst().hangsUp()).isTrue();
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void aRequestWaitsWhereItIsIfNoOtherReplicaIsUp() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (FakeReplica slow =
            new FakeReplica(
                call -> {
                  FakeReplica.await(goOn);
                  call.ok("application/json", "{}");
                });
        ProxyFixture proxy = setup(slow).open()) {
      RawClient client = proxy.client().post(CHAT, chat());
      await().until(() -> slow.calls().size() == 1);
      proxy.fleet().drain(FIRST);
      await().during(500, TimeUnit.MILLISECONDS).until(() -> proxy.router().load() == 1);
      goOn.countDown();

      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void aStreamOfAReplicaThatIsDownEndsWithAnErrorEvent() throws Exception {
    try (FakeReplica frozen = new FakeReplica(call -> call.stream().chunk(EVENT).untilHungUp());
        FakeReplica other = serving();
        ProxyFixture proxy = setup(frozen, other).open()) {
      RawClient client = proxy.client().post(CHAT, streamed());
      await().until(() -> frozen.calls().size() == 1);
      proxy.fleet().down(FIRST, "no answer");

      RawClient.Answer answer = client.read();
      assertThat(answer.whole()).isFalse();
      assertThat(answer.body()).startsWith(EVENT).contains("data: {\"error\":{").endsWith("\n\n");
      assertThat(other.calls()).isEmpty();
      assertThat(proxy.router().outcomes())
          .containsExactly(new Outcome.ReplicaFailed("replica-down"));
    }
  }

  /** An overloaded API server may answer probes too late and still deliver tokens. */
  @Test
  void aStreamThatFlowsIsNotCutBecauseItsReplicaIsDown() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (FakeReplica busy =
            new FakeReplica(
                call -> {
                  call.stream();
                  while (goOn.getCount() > 0) {
                    call.chunk(EVENT);
                    await().pollDelay(20, TimeUnit.MILLISECONDS).until(() -> true);
                  }
                  call.chunk("data: [DONE]\n\n");
                  call.endOfChunks();
                });
        ProxyFixture proxy = setup(busy).open()) {
      RawClient client = proxy.client().post(CHAT, streamed());
      assertThat(client.answersWithin(LONG)).isTrue();
      proxy.fleet().down(FIRST, "no answer");
      await().during(2 * SILENCE, TimeUnit.MILLISECONDS).until(() -> proxy.router().load() == 1);
      goOn.countDown();

      assertThat(client.read().whole()).isTrue();
    }
  }

  /** Comments keep connections open and prove nothing about the engine. */
  @Test
  void aStreamThatSendsOnlyCommentsIsSilent() throws Exception {
    try (FakeReplica hung =
            new FakeReplica(
                call -> {
                  call.stream().chunk(EVENT);
                  while (true) {
                    call.chunk(": ping\n\n");
                    await().pollDelay(20, TimeUnit.MILLISECONDS).until(() -> true);
                  }
                });
        ProxyFixture proxy = setup(hung).open()) {
      RawClient.Answer answer = proxy.client().post(CHAT, streamed()).read();

      assertThat(answer.whole()).isFalse();
      assertThat(answer.body()).contains("GatewayTimeoutError");
      assertThat(proxy.router().outcomes()).containsExactly(new Outcome.ReplicaFailed("silent"));
    }
  }

  /** The answer takes five times as long as a stream may be silent. */
  @Test
  void aLongAnswerThatIsNotStreamedIsNeitherCutNorMovedBesideShortStreams() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    FakeReplica.Script script =
        call -> {
          if (new String(call.body(), UTF_8).contains("stream")) {
            call.stream().chunk(EVENT).chunk("data: [DONE]\n\n");
            call.endOfChunks();
          } else {
            FakeReplica.await(goOn);
            call.ok("application/json", "{}");
          }
        };
    try (FakeReplica one = new FakeReplica(script);
        FakeReplica two = new FakeReplica(script);
        ProxyFixture proxy = setup(one, two).learning().open()) {
      RawClient client = proxy.client().post(CHAT, chat());
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5 * SILENCE);
      while (System.nanoTime() < end) {
        assertThat(proxy.client().post(CHAT, streamed()).read().whole()).isTrue();
        proxy.learning().watch();
      }
      goOn.countDown();

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(proxy.count("kvroute.retries")).isZero();
      assertNothingIsReserved(proxy);
    }
  }

  /** The engine hangs behind an API server that goes on answering with a head. */
  @Test
  void aHungEngineCostsFewClientsBesideAGoodOne() throws Exception {
    try (FakeReplica hung = hung();
        FakeReplica good = serving();
        ProxyFixture proxy = setup(hung, good).learning().open()) {
      int served = 0;
      for (int i = 0; i < 60; i++) {
        RawClient client = proxy.client().post(CHAT, streamed().replace("hi", "hi " + i));
        if (client.answersWithin(300)) {
          assertThat(client.read().whole()).isTrue();
          served++;
        }
        client.close();
        proxy.learning().watch();
      }

      assertThat(served).as("clients served of 60").isGreaterThan(10);
      assertThat(good.calls().size()).isEqualTo(served);
      assertNothingIsReserved(proxy);
    }
  }

  @Test
  void aRequestThatWaitsAtAHungEngineMovesToAnotherReplica() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    FakeReplica.Script script =
        call -> {
          call.stream();
          if (hang.getCount() == 0) {
            call.untilHungUp();
          } else {
            call.chunk(EVENT).chunk("data: [DONE]\n\n");
            call.endOfChunks();
          }
        };
    try (FakeReplica hung = new FakeReplica(script);
        ProxyFixture proxy = setup(hung).learning().open();
        FakeReplica good = serving()) {
      for (int i = 0; i < 20; i++) {
        assertThat(proxy.client().post(CHAT, streamed()).read().whole()).isTrue();
      }
      hang.countDown();
      RawClient client = proxy.client().post(CHAT, streamed());
      await().until(() -> hung.calls().size() == 21);
      proxy.join(good);
      await()
          .until(
              () -> {
                proxy.learning().watch();
                return healthOf(proxy, FIRST) == Health.State.OUT;
              });

      RawClient.Answer answer = client.read();
      assertThat(answer.whole()).isTrue();
      assertThat(answer.headers()).containsEntry("x-kvroute-replica", "r2");
      assertThat(proxy.count("kvroute.retries", "reason", "no-progress")).isOne();
      assertNothingIsReserved(proxy);
    }
  }

  private static Health.State healthOf(ProxyFixture proxy, ReplicaId id) {
    ReplicaStats stats = proxy.learning().stats(id);
    return stats == null ? Health.State.WELL : stats.health().state();
  }

  private static void assertNothingIsReserved(ProxyFixture proxy) {
    for (ReplicaView view : proxy.fleet().snapshot().replicas()) {
      await()
          .until(
              () -> {
                ReplicaStats stats = proxy.learning().stats(view.id());
                return stats != null && stats.inflight() == 0 && stats.queuedPrefillTokens() == 0;
              });
    }
  }
}
