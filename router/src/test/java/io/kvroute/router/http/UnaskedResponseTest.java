package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A second response that an engine sends unasked closes the connection and answers nothing. */
@ExtendWith(NoBufferLeaks.class)
final class UnaskedResponseTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String EVIL = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil";

  @Test
  void onAnIdleConnectionClosesIt() throws IOException {
    CountDownLatch firstRead = new CountDownLatch(1);
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.ok("application/json", "{}");
                  FakeReplica.await(firstRead);
                  call.write(EVIL);
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      assertThat(client.post(CHAT, chat()).read().body()).isEqualTo("{}");
      firstRead.countDown();

      await().until(() -> replica.openConnections() == 0);
      assertThat(client.post(CHAT, chat()).read().body()).isEqualTo("{}");
    }
  }

  /**
   * The response has arrived, but the event loop is busy with the next request and has not read it.
   */
  @Test
  void thatHasNotBeenReadYetIsFoundBeforeTheConnectionIsUsedAgain() throws IOException {
    CountDownLatch secondRequest = new CountDownLatch(1);
    CountDownLatch unaskedSent = new CountDownLatch(1);
    AtomicInteger requests = new AtomicInteger();
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.ok("application/json", "{}");
                  if (requests.get() == 1) {
                    FakeReplica.await(secondRequest);
                    call.write(EVIL);
                    unaskedSent.countDown();
                  }
                });
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .keys(
                    (request, loop, done) -> {
                      if (requests.incrementAndGet() == 2) {
                        secondRequest.countDown();
                        awaitOnLoop(unaskedSent);
                      }
                      done.accept(PromptKeys.unknown(7));
                      return () -> {};
                    })
                .open()) {
      RawClient client = proxy.client();
      assertThat(client.post(CHAT, chat()).read().body()).isEqualTo("{}");
      assertThat(client.post(CHAT, chat()).read().body()).isEqualTo("{}");
      assertThat(replica.connections()).isEqualTo(2);
      assertThat(replica.calls()).hasSize(2);
    }
  }

  private static void awaitOnLoop(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
