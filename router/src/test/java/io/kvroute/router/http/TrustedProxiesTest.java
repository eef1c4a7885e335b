package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.http.TrustedProxies.Network;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only trusted proxies are believed about where a request comes from. */
@ExtendWith(NoBufferLeaks.class)
final class TrustedProxiesTest {

  private static TrustedProxies only(String base, int bits) {
    return new TrustedProxies(List.of(new Network(InetAddress.ofLiteral(base), bits)));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0, 8, 10.255.1.2, true",
    "10.0.0.0, 8, 11.0.0.0, false",
    "172.16.0.0, 12, 172.31.255.255, true",
    "172.16.0.0, 12, 172.32.0.0, false",
    "192.0.2.7, 32, 192.0.2.7, true",
    "192.0.2.7, 32, 192.0.2.6, false",
    "0.0.0.0, 0, 203.0.113.9, true",
    "0.0.0.0, 0, ::1, false",
    "2001:db8::, 33, 2001:db8:7fff::1, true",
    "2001:db8::, 33, 2001:db8:8000::1, false"
  })
  void aBlockContainsTheAddressesThatShareItsBits(
      String base, int bits, String address, boolean contained) {
    assertThat(only(base, bits).include(InetAddress.ofLiteral(address))).isEqualTo(contained);
  }

  @Test
  void nothingThatAnotherPeerClaimsReachesTheReplica() throws IOException {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .options(o -> o.trusting(only("10.0.0.0", 8)))
                .open()) {
      RawClient.Answer answer =
          proxy
              .client()
              .post(
                  "/v1/chat/completions",
                  chat(),
                  "X-Forwarded-For: 6.6.6.6",
                  "X-Forwarded-Proto: https",
                  "X-Forwarded-Host: claimed.test",
                  "X-Forwarded-Port: 666",
                  "X-Forwarded-Prefix: /claimed",
                  "X-Real-IP: 6.6.6.6",
                  "Forwarded: for=6.6.6.6",
                  "X-Request-Id: claimed")
              .read();

      FakeReplica.Call call = replica.calls().getFirst();
      assertThat(call.header("x-forwarded-for")).isEqualTo("127.0.0.1");
      assertThat(call.header("x-forwarded-proto")).isEqualTo("http");
      assertThat(call.header("x-forwarded-host")).isEqualTo("router.test");
      assertThat(call.header("x-request-id"))
          .hasSize(32)
          .isEqualTo(answer.headers().get("x-request-id"));
      assertThat(call.head().toLowerCase(Locale.ROOT))
          .doesNotContain("claimed", "6.6.6.6", "666", "\r\nforwarded:", "x-real-ip");
    }
  }

  @Test
  void aTrustedProxysOtherHeadersPassUnchanged() throws IOException {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy =
            ProxyFixture.setup()
                .replicas(replica)
                .options(o -> o.trusting(only("127.0.0.1", 32)))
                .open()) {
      proxy
          .client()
          .post("/v1/chat/completions", chat(), "X-Forwarded-Port: 443", "X-Real-IP: 192.0.2.7")
          .read();

      assertThat(replica.calls().getFirst().header("x-forwarded-port")).isEqualTo("443");
      assertThat(replica.calls().getFirst().header("x-real-ip")).isEqualTo("192.0.2.7");
    }
  }
}
