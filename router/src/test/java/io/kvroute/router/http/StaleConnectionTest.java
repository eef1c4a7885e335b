package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.http.DataPortOptions.TimeoutOptions;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.testing.NoBufferLeaks;
import io.kvroute.router.upstream.UpstreamOptions;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An engine closes idle connections (vLLM after 5 s), possibly just when one is reused. */
@ExtendWith(NoBufferLeaks.class)
final class StaleConnectionTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String OK = "{}";

  @Test
  void connectionsAreReused() throws IOException {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", OK));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      for (int i = 0; i < 5; i++) {
        assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      }
      assertThat(replica.connections()).isOne();
    }
  }

  /** The second request of a connection meets an engine that closes without sending a byte. */
  @Test
  void aRequestOnAReusedConnectionThatClosesIsSentOnANewOne() throws IOException {
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  if (call.ordinalOnConnection() == 2) {
                    call.reset();
                  } else {
                    call.ok("application/json", OK);
                  }
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);

      assertThat(replica.connections()).isEqualTo(2);
      assertThat(replica.calls()).hasSize(3);
      assertThat(proxy.router().reservations()).as("one reservation for both attempts").hasSize(2);
      assertThat(proxy.router().outcomes()).allMatch(Outcome.Completed.class::isInstance);
      assertThat(proxy.count("kvroute.retries", "reason", "stale-connection")).isOne();
    }
  }

  @Test
  void anIdleConnectionThatTheEngineClosesIsNotReused() throws IOException {
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.ok("application/json", OK);
                  call.close();
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      for (int i = 0; i < 5; i++) {
        assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      }
      assertThat(replica.connections()).isEqualTo(5);
      assertThat(proxy.router().outcomes()).allMatch(Outcome.Completed.class::isInstance);
    }
  }

  @Test
  void anIdleConnectionIsClosedBeforeTheEngineClosesIt() throws Exception {
    UpstreamOptions usual = UpstreamOptions.defaults();
    UpstreamOptions hasty =
        new UpstreamOptions(
            usual.connectTimeoutMillis(), 30, usual.maxIdlePerReplica(), usual.maxHeadBytes());
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", OK));
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .options(
                    o -> o.upstream(hasty).timeouts(new TimeoutOptions(20_000, 20_000, 20_000, 40)))
                .open()) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);

      await().until(() -> replica.openConnections() == 0);
    }
  }

  @Test
  void aResponseWithConnectionCloseEndsTheConnection() throws IOException {
    try (FakeReplica replica =
            new FakeReplica(
                call ->
                    call.write(
                        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      assertThat(client.post(CHAT, chat()).read().status()).isEqualTo(200);
      assertThat(client.post(CHAT, chat()).read().status()).isEqualTo(200);
      assertThat(replica.connections()).isEqualTo(2);
    }
  }

  @Test
  void bytesBehindAResponseAreNotReadAsTheNextOne() throws IOException {
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  if (call.ordinalOnConnection() > 1) {
                    throw new IOException("a connection with surplus bytes was used again");
                  }
                  call.write(
                      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
                          + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      assertThat(client.post(CHAT, chat()).read().body()).isEqualTo("{}");
      assertThat(client.post(CHAT, chat()).read().body()).isEqualTo("{}");
    }
  }
}
