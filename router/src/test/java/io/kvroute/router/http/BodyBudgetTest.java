package io.kvroute.router.http;

import static io.kvroute.router.http.RawClient.chatHead;
import static io.kvroute.router.http.ResponseRelayTest.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** All request bodies together stay within the budget; a request beyond it is rejected. */
@ExtendWith(NoBufferLeaks.class)
final class BodyBudgetTest {

  private static final String CHAT = "/v1/chat/completions";

  @Test
  void aRequestBeyondTheBudgetIsA503UntilTheBudgetIsReleased() throws Exception {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .options(o -> o.bodies(100_000, 150_000))
                .open()) {
      RawClient greedy = proxy.client().send(chatHead("Content-Length: 100000"));
      await().until(() -> proxy.heldBodyBytes() == 100_000);

      String body = chat().replace("hi", "x".repeat(60_000));
      RawClient.Answer refused = proxy.client().post(CHAT, body).read();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsEntry("retry-after", "1");
      assertThat(proxy.count("kvroute.rejected", "reason", "overloaded")).isOne();

      greedy.close();
      await().until(() -> proxy.heldBodyBytes() == 0);
      assertThat(proxy.client().post(CHAT, body).read().status()).isEqualTo(200);
      await().until(() -> proxy.heldBodyBytes() == 0);
    }
  }

  /** A stream may last long, and its request will not be sent again once its response has begun. */
  @Test
  void aBodyIsReleasedWithTheFirstByteOfItsResponse() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream();
                  FakeReplica.await(go);
                  call.chunk("data: {}\n\n").untilHungUp();
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client().post(CHAT, chat().replace("hi", "x".repeat(50_000)));
      await().until(() -> !replica.calls().isEmpty());
      assertThat(proxy.heldBodyBytes()).isGreaterThan(50_000);

      go.countDown();
      client.readHead();
      client.readChunk();

      assertThat(proxy.heldBodyBytes()).isZero();
      assertThat(proxy.router().load()).isOne();
    }
  }

  /** A body that is announced but does not arrive must not block others. */
  @Test
  void aLargeBodyReservesBudgetOnlyAsItArrives() throws Exception {
    try (ProxyFixture proxy =
        ProxyFixture.setup().options(o -> o.bodies(64 << 20, 64 << 20)).open()) {
      proxy.client().send(chatHead("Content-Length: 60000000") + "{");
      await().until(() -> proxy.heldBodyBytes() > 0);
      assertThat(proxy.heldBodyBytes()).isLessThan(1 << 20);
    }
  }

  @Test
  void aLargeChunkedBodyGrowsAsItArrivesAndIsForwardedCompletely() throws IOException {
    String text = "abc ".repeat(500_000);
    String body = chat().replace("hi", text);
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .options(o -> o.bodies(4 << 20, 8 << 20))
                .open()) {
      RawClient client = proxy.client().send(chatHead("Transfer-Encoding: chunked"));
      for (int from = 0; from < body.length(); from += 70_000) {
        String piece = body.substring(from, Math.min(body.length(), from + 70_000));
        client.send(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
      }
      client.send("0\r\n\r\n");

      assertThat(client.read().status()).isEqualTo(200);
      assertThat(replica.calls().getFirst().body()).isEqualTo(body.getBytes(UTF_8));
    }
  }
}
