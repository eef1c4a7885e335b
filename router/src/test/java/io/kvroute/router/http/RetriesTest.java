package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.route.ReplicaStats;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries help clients, and never harm engines. */
@ExtendWith(NoBufferLeaks.class)
final class RetriesTest {

  private static final String CHAT = "/v1/chat/completions";

  private static FakeReplica.Script status(int status, String lines) {
    return call ->
        call.write("HTTP/1.1 " + status + " No\r\n" + lines + "content-length: 2\r\n\r\nno");
  }

  private static FakeReplica serving() {
    return new FakeReplica(call -> call.ok("application/json", "{}"));
  }

  private static void assertNothingIsReserved(ProxyFixture proxy) {
    for (ReplicaView view : proxy.fleet().snapshot().replicas()) {
      ReplicaStats stats = Objects.requireNonNull(proxy.learning().stats(view.id()));
      assertThat(stats.inflight()).isZero();
      assertThat(stats.queuedPrefillTokens()).isZero();
    }
  }

  @Test
  void aRequestThatBreaksReplicasIsDeliveredOnceToEachOfTwo() throws IOException {
    try (FakeReplica one = new FakeReplica(FakeReplica.Call::reset);
        FakeReplica two = new FakeReplica(FakeReplica.Call::reset);
        FakeReplica three = new FakeReplica(FakeReplica.Call::reset);
        ProxyFixture proxy = ProxyFixture.to(one, two, three)) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(502);

      assertThat(one.calls()).hasSize(1);
      assertThat(two.calls()).hasSize(1);
      assertThat(three.calls()).isEmpty();
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void aReusedConnectionThatDiesIsReplacedOnceAtTheSameReplica() throws IOException {
    try (FakeReplica dying =
            new FakeReplica(
                call -> {
                  if (call.body().length < 100) {
                    call.ok("application/json", "{}");
                  } else {
                    call.reset();
                  }
                });
        FakeReplica other = serving();
        ProxyFixture proxy = ProxyFixture.to(dying, other)) {
      proxy.client().post(CHAT, chat()).read();
      String breaking = chat().replace("hi", "x".repeat(100));
      RawClient.Answer answer = proxy.client().post(CHAT, breaking).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry("x-kvroute-replica", "r2");
      assertThat(dying.calls()).as("one before, one on each connection").hasSize(3);
      assertThat(other.calls()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void anAnswerThatAnotherReplicaCanReplaceIsRetriedThere(int status) throws IOException {
    try (FakeReplica full = new FakeReplica(status(status, ""));
        FakeReplica other = serving();
        ProxyFixture proxy = ProxyFixture.to(full, other)) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);

      assertThat(full.calls()).hasSize(1);
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void a429OfTheOnlyReplicaGoesThroughWithItsRetryAfter() throws IOException {
    try (FakeReplica full = new FakeReplica(status(429, "retry-after: 7\r\n"));
        ProxyFixture proxy = ProxyFixture.setup().replicas(full).learning().open()) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.headers()).containsEntry("retry-after", "7");
      assertThat(answer.body()).isEqualTo("no");
      assertNothingIsReserved(proxy);
    }
  }

  @Test
  void aReplicaIsLeftAloneForAsLongAsItAsks() throws IOException {
    try (FakeReplica full = new FakeReplica(status(503, "retry-after: 30\r\n"));
        FakeReplica other = serving();
        ProxyFixture proxy = ProxyFixture.setup().replicas(full, other).learning().open()) {
      for (int i = 0; i < 30; i++) {
        assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      }

      assertThat(full.calls()).hasSizeLessThan(2);
      assertNothingIsReserved(proxy);
    }
  }

  @Test
  void clientsAreToldToComeAgainWhenAllReplicasAskedForAPause() throws IOException {
    try (FakeReplica full = new FakeReplica(status(503, "retry-after: 30\r\n"));
        ProxyFixture proxy = ProxyFixture.setup().replicas(full).learning().open()) {
      assertThat(proxy.client().post(CHAT, chat()).read().body()).isEqualTo("no");
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("ServiceUnavailableError");
      assertThat(Integer.parseInt(answer.headers().get("retry-after"))).isBetween(25, 30);
      assertThat(full.calls()).hasSize(1);
    }
  }

  /** A first 500 may be the request's own fault; the next ones are the replica's. */
  @Test
  void aReplicaThatAnswers500ToAllCostsFewClients() throws IOException {
    try (FakeReplica broken = new FakeReplica(status(500, ""));
        FakeReplica other = serving();
        ProxyFixture proxy = ProxyFixture.setup().replicas(broken, other).learning().open()) {
      int failed = 0;
      for (int i = 0; i < 40; i++) {
        failed += proxy.client().post(CHAT, chat()).read().status() == 500 ? 1 : 0;
      }

      assertThat(failed).isLessThan(2);
      assertNothingIsReserved(proxy);
    }
  }

  @Test
  void retriesAreLimitedToAShareOfTheRequestsInProgress() throws Exception {
    CountDownLatch all = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (FakeReplica full =
            new FakeReplica(
                call -> {
                  FakeReplica.await(all);
                  status(503, "").answer(call);
                });
        FakeReplica other =
            new FakeReplica(
                call -> {
                  FakeReplica.await(end);
                  call.ok("application/json", "{}");
                });
        ProxyFixture proxy = ProxyFixture.to(full, other)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        clients.add(proxy.client().post(CHAT, chat()));
      }
      await().until(() -> full.calls().size() == 12);
      all.countDown();
      await().until(() -> proxy.count("kvroute.retries.denied") == 9);
      assertThat(other.calls()).hasSizeLessThanOrEqualTo(3);
      end.countDown();
      int served = 0;
      for (RawClient client : clients) {
        served += client.read().status() == 200 ? 1 : 0;
      }
      assertThat(served).isEqualTo(3);
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void aPlaceInTheRetryBudgetIsFreeAgainAfterwards() throws IOException {
    try (FakeReplica full = new FakeReplica(status(503, ""));
        FakeReplica other = serving();
        ProxyFixture proxy = ProxyFixture.to(full, other)) {
      for (int i = 0; i < 20; i++) {
        assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      }
      assertThat(proxy.count("kvroute.retries.denied")).isZero();
    }
  }
}
