package io.kvroute.router.http;

import static io.kvroute.router.http.RawClient.chatHead;
import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.http.DataPortOptions.TimeoutOptions;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every wait has a limit. */
@ExtendWith(NoBufferLeaks.class)
final class TimeoutsTest {

  private static final int LONG = 60_000;
  private static final int SHORT = 100;

  /** Short, but long enough for the steps before. */
  private static final int AMPLE = 1_000;

  private static final String CHAT = "/v1/chat/completions";

  private static ProxyFixture proxy(TimeoutOptions timeouts, FakeReplica... replicas) {
    return ProxyFixture.setup().replicas(replicas).options(o -> o.timeouts(timeouts)).open();
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    try (ProxyFixture proxy = proxy(new TimeoutOptions(AMPLE, LONG, LONG, LONG))) {
      assertThat(proxy.client().atEnd()).isTrue();
      RawClient client = proxy.client().send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(503);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aHeadThatArrivesTooSlowlyIsA408() throws IOException {
    try (ProxyFixture proxy = proxy(new TimeoutOptions(LONG, SHORT, LONG, SHORT))) {
      RawClient client = proxy.client().send("POST /v1/chat/comp");
      assertThat(client.read().status()).isEqualTo(408);
      assertThat(client.atEnd()).isTrue();
      assertThat(proxy.count("kvroute.rejected", "reason", "request-timeout")).isOne();
    }
  }

  @Test
  void aBodyThatDoesNotArriveIsA408() throws IOException {
    try (ProxyFixture proxy = proxy(new TimeoutOptions(LONG, SHORT, LONG, SHORT))) {
      RawClient client = proxy.client().send(chatHead("Content-Length: 9") + "{");
      assertThat(client.read().status()).isEqualTo(408);
      assertThat(proxy.heldBodyBytes()).isZero();
    }
  }

  @Test
  void anEngineThatNeverRespondsIsA504() throws Exception {
    try (FakeReplica silent = new FakeReplica(call -> call.stream().untilHungUp());
        ProxyFixture proxy = proxy(new TimeoutOptions(LONG, LONG, SHORT, LONG), silent)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.body()).contains("GatewayTimeoutError");
      await().until(() -> silent.openConnections() == 0);
      assertThat(proxy.router().outcomes()).containsExactly(new Outcome.ReplicaFailed("timeout"));
    }
  }

  @Test
  void aStreamWhoseEngineFallsSilentEndsWithAnError() throws Exception {
    try (FakeReplica silent =
            new FakeReplica(call -> call.stream().chunk("data: {}\n\n").untilHungUp());
        ProxyFixture proxy = proxy(new TimeoutOptions(LONG, LONG, AMPLE, LONG), silent)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.whole()).isFalse();
      assertThat(answer.body()).startsWith("data: {}\n\n").contains("GatewayTimeoutError");
      assertThat(silent.calls().getFirst().hangsUp()).isTrue();
    }
  }

  @Test
  void aClientThatReadsNothingIsDisconnected() throws Exception {
    String chunk = "x".repeat(64 * 1024);
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream();
                  while (true) {
                    call.chunk(chunk);
                  }
                });
        ProxyFixture proxy = proxy(new TimeoutOptions(LONG, LONG, SHORT, LONG), replica);
        RawClient client = new RawClient(proxy.port().address(), 16 * 1024)) {
      client.post(CHAT, chat());

      await().until(() -> proxy.router().outcomes().contains(new Outcome.ClientLeft()));
      await().until(() -> replica.openConnections() == 0);
    }
  }
}
