package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What replicas learn about the way of a request, and which proxies are believed about it. */
@ExtendWith(NoBufferLeaks.class)
final class ForwardingTest {

  private static final String CHAT = "/v1/chat/completions";

  private final FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
  private final ProxyFixture proxy = ProxyFixture.to(replica);

  @AfterEach
  void close() {
    proxy.close();
    replica.close();
  }

  private FakeReplica.Call received(String... headers) throws IOException {
    assertThat(proxy.client().post(CHAT, chat(), headers).read().status()).isEqualTo(200);
    return replica.calls().getLast();
  }

  @Test
  void everyForwardedForLineIsKeptInOrderBeforeThePeer() throws IOException {
    FakeReplica.Call call =
        received("X-Forwarded-For: 6.6.6.6", "X-Forwarded-For:", "X-Forwarded-For: 192.0.2.7");

    assertThat(call.header("x-forwarded-for")).isEqualTo("6.6.6.6, 192.0.2.7, 127.0.0.1");
    assertThat(linesOf(call, "x-forwarded-for")).isOne();
  }

  @Test
  void theNearestProxysLineCountsWhereThereCanBeOnlyOneValue() throws IOException {
    FakeReplica.Call call =
        received(
            "X-Forwarded-Proto: http",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: spoofed.test",
            "X-Forwarded-Host: api.test",
            "X-Request-Id: spoofed",
            "X-Request-Id: from-the-proxy");

    assertThat(call.header("x-forwarded-proto")).isEqualTo("https");
    assertThat(call.header("x-forwarded-host")).isEqualTo("api.test");
    assertThat(call.header("x-request-id")).isEqualTo("from-the-proxy");
    assertThat(linesOf(call, "x-request-id")).isOne();
  }

  @Test
  void forwardedIsExtended() throws IOException {
    FakeReplica.Call call =
        received("Forwarded: for=6.6.6.6", "Forwarded: for=192.0.2.7;proto=https");

    assertThat(call.header("forwarded"))
        .isEqualTo("for=6.6.6.6, for=192.0.2.7;proto=https, for=127.0.0.1");
    assertThat(received().header("forwarded")).isEmpty();
  }

  @Test
  void severalTraceParentsAreIgnoredAsTheirStandardDemands() throws IOException {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    FakeReplica.Call call = received("traceparent: " + trace, "traceparent: " + trace);

    assertThat(call.header("traceparent")).isNotEqualTo(trace);
    assertThat(linesOf(call, "traceparent")).isOne();
  }

  @Test
  void viaNamesTheRouterInBothDirections() throws IOException {
    RawClient.Answer answer =
        proxy.client().post(CHAT, chat(), "Via: 1.0 first", "Via: 1.1 second").read();

    FakeReplica.Call call = replica.calls().getFirst();
    assertThat(call.head().lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith("via:")))
        .containsExactly("Via: 1.0 first", "Via: 1.1 second", "via: 1.1 kvroute");
    assertThat(answer.headers()).containsEntry("via", "1.1 kvroute");
  }

  @Test
  void viaTellsTheVersionThatTheClientSpoke() throws IOException {
    proxy
        .client()
        .send(
            "POST /v1/chat/completions HTTP/1.0\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + chat().length()
                + "\r\n\r\n"
                + chat())
        .read();

    assertThat(replica.calls().getFirst().header("via")).isEqualTo("1.0 kvroute");
  }

  @Test
  void everyConnectionLineNamesHopByHopHeaders() throws IOException {
    FakeReplica.Call call =
        received(
            "Connection: keep-alive",
            "X-One: 1",
            "Connection: X-One ,, x-two",
            "X-Two: 2",
            "Connection: X-THREE",
            "X-Three: 3",
            "X-Four: 4");

    assertThat(call.head().toLowerCase(Locale.ROOT))
        .contains("x-four: 4")
        .doesNotContain("x-one", "x-two", "x-three");
  }

  @Test
  void everyConnectionLineOfAReplicaNamesHopByHopHeaders() throws IOException {
    try (FakeReplica chatty =
            new FakeReplica(
                call ->
                    call.write(
                        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: X-One\r\n"
                            + "X-One: 1\r\nX-Two: 2\r\nContent-Length: 2\r\n\r\n{}"));
        ProxyFixture other = ProxyFixture.to(chatty)) {
      assertThat(other.client().post(CHAT, chat()).read().headers())
          .containsKey("x-two")
          .doesNotContainKey("x-one");
    }
  }

  static long linesOf(FakeReplica.Call call, String name) {
    return call.head()
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .count();
  }
}
