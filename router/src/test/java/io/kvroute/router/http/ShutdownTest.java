package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A router that stops loses no request that finishes in time. */
@ExtendWith(NoBufferLeaks.class)
final class ShutdownTest {

  private static final String CHAT = "/v1/chat/completions";

  @Test
  void runningRequestsFinishAndNoNewOneStarts() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream().chunk("data: {}\n\n");
                  FakeReplica.await(go);
                  call.chunk("data: [DONE]\n\n").endOfChunks();
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient busy = proxy.client().post(CHAT, chat());
      busy.readHead();
      busy.readChunk();
      RawClient idle = proxy.client();

      CompletableFuture<Void> stopped = stop(proxy, Duration.ofSeconds(30));
      assertThat(idle.atEnd()).isTrue();
      idle.close();
      await().until(() -> refuses(proxy));

      go.countDown();
      assertThat(busy.readChunk()).isEqualTo("data: [DONE]\n\n");
      assertThat(busy.readChunk()).isEmpty();
      assertThat(busy.atEnd()).isTrue();
      busy.close();
      stopped.join();
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void aRequestThatDoesNotFinishInTimeIsCutOff() throws Exception {
    try (FakeReplica replica =
            new FakeReplica(call -> call.stream().chunk("data: {}\n\n").untilHungUp());
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient busy = proxy.client().post(CHAT, chat());
      busy.readHead();
      busy.readChunk();

      CompletableFuture<Void> stopped = stop(proxy, Duration.ofMillis(50));

      assertThat(busy.readChunk()).contains("data: {\"error\":", "shutting down");
      assertThat(busy.atEnd()).isTrue();
      busy.close();
      stopped.join();
      assertThat(replica.calls().getFirst().hangsUp()).isTrue();
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void healthFailsWhileTheLastRequestsFinish() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  FakeReplica.await(go);
                  call.ok("application/json", "{}");
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client =
          proxy.client().post(CHAT, chat()).send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> !replica.calls().isEmpty());
      assertThat(proxy.client().send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n").read().status())
          .isEqualTo(200);

      CompletableFuture<Void> stopped = stop(proxy, Duration.ofSeconds(30));
      await().until(() -> refuses(proxy));
      go.countDown();

      RawClient.Answer last = client.read();
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.headers()).containsEntry("connection", "close");
      assertThat(client.atEnd()).isTrue();
      client.close();
      stopped.join();
    }
  }

  @Test
  void aPortInUseIsReported() {
    try (ProxyFixture first = ProxyFixture.to()) {
      assertThatThrownBy(() -> ProxyFixture.setup().listen(first.port().address()).open())
          .hasMessageContaining("cannot listen on");
    }
  }

  private static CompletableFuture<Void> stop(ProxyFixture proxy, Duration gracePeriod) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            proxy.port().shutDown(gracePeriod);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static boolean refuses(ProxyFixture proxy) throws IOException {
    try (RawClient client = new RawClient(proxy.port().address())) {
      return client.atEnd();
    } catch (UncheckedIOException e) {
      return true;
    }
  }
}
