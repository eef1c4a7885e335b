package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.router.accesslog.AccessEntry;
import io.kvroute.router.testing.NoBufferLeaks;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every request ends in one entry of the access log. */
@ExtendWith(NoBufferLeaks.class)
final class AccessLogTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":5}}}\n\n";

  private static AccessEntry onlyEntry(ProxyFixture proxy) {
    await().until(() -> !proxy.accessLog().isEmpty());
    assertThat(proxy.accessLog()).hasSize(1);
    return proxy.accessLog().getFirst();
  }

  private static AccessEntry.Routing routing(AccessEntry entry) {
    return Objects.requireNonNull(entry.routing());
  }

  @Test
  void anAnsweredRequestHasItsReplicaTokensAndTimes() throws Exception {
    try (FakeReplica replica =
            new FakeReplica(
                call -> call.stream().chunk(USAGE).chunk("data: [DONE]\n\n").endOfChunks());
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      proxy.client().post(CHAT, chat()).read();

      AccessEntry entry = onlyEntry(proxy);
      assertThat(entry.request().endpoint()).isEqualTo(CHAT);
      assertThat(entry.request().model()).isEqualTo(ProxyFixture.MODEL);
      assertThat(entry.request().client()).isEqualTo("127.0.0.1");
      assertThat(entry.result()).isEqualTo(new AccessEntry.Result(200, 3, "complete"));
      assertThat(routing(entry).replica()).isEqualTo("r1");
      assertThat(routing(entry).promptTokens()).isEqualTo(7);
      assertThat(routing(entry).cachedTokens()).isEqualTo(5);
      assertThat(entry.timing().parse()).isPositive();
      assertThat(entry.timing().ttft()).isBetween(1L, entry.timing().total());
      assertThat(entry.timing().keys() + entry.timing().route())
          .isBetween(0L, entry.timing().ttft());
    }
  }

  @Test
  void aRequestThatMovedNamesItsLastReplicaAndCountsItsAttempts() throws Exception {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy =
            ProxyFixture.setup().replica(FakeReplica.refusing()).replicas(replica).open()) {
      proxy.client().post(CHAT, chat()).read();

      assertThat(routing(onlyEntry(proxy)).replica()).isEqualTo("r2");
      assertThat(routing(onlyEntry(proxy)).attempts()).isEqualTo(2);
    }
  }

  @Test
  void aClientThatLeavesIsToldApart() throws Exception {
    try (FakeReplica replica =
            new FakeReplica(call -> call.stream().chunk("data: {}\n\n").untilHungUp());
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client().post(CHAT, chat());
      client.readHead();
      client.close();

      assertThat(onlyEntry(proxy).result().status()).isEqualTo(499);
      assertThat(onlyEntry(proxy).result().end()).isEqualTo("client-left");
    }
  }

  @Test
  void aStreamCutOffByItsReplicaNamesTheReason() throws Exception {
    try (FakeReplica replica =
            new FakeReplica(call -> call.stream().chunk("data: {}\n\n").close());
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client().post(CHAT, chat());
      client.readHead();

      assertThat(onlyEntry(proxy).result().end()).isEqualTo("connection-lost");
    }
  }

  @Test
  void aRefusedRequestHasALineTooAndAnAdmittedOneTheNameOfItsKey() throws Exception {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .options(options -> options.api("", "sk-one", "sk-two"))
                .open()) {
      proxy.client().post(CHAT, chat()).read();

      assertThat(onlyEntry(proxy).result())
          .isEqualTo(new AccessEntry.Result(401, -1, "unauthorized"));
      assertThat(onlyEntry(proxy).routing()).isNull();

      String body = chat();
      proxy
          .client()
          .send(
              "POST "
                  + CHAT
                  + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sk-two\r\n"
                  + "Content-Type: application/json\r\nContent-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
          .read();
      await().until(() -> proxy.accessLog().size() == 2);
      assertThat(proxy.accessLog().getLast().request().key()).isEqualTo("api-keys[1]");
    }
  }
}
