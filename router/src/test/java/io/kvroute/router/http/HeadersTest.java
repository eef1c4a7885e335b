package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which headers are forwarded in which direction. */
@ExtendWith(NoBufferLeaks.class)
final class HeadersTest {

  private static final String CHAT = "/v1/chat/completions";

  private final FakeReplica replica =
      new FakeReplica(
          call ->
              call.write(
                  String.join(
                      "\r\n",
                      "HTTP/1.1 200 OK",
                      "Date: Sat, 21 Nov 2026 07:28:21 GMT",
                      "Server: uvicorn",
                      "X-Powered-By: secrets",
                      "Location: http://10.1.2.3:8000/elsewhere",
                      "Content-Location: //10.1.2.3/elsewhere",
                      "Alt-Svc: h3=\"10.1.2.3:443\"",
                      "Keep-Alive: timeout=5",
                      "X-Hop: by hop",
                      "Connection: keep-alive, X-Hop",
                      "X-Request-Id: the engine's own",
                      "x-kvroute-replica: made up",
                      "X-Metrics: kept",
                      "Content-Type: application/json",
                      "Content-Length: 2",
                      "",
                      "{}")));
  private final ProxyFixture proxy =
      ProxyFixture.setup().replicas(replica).options(o -> o.withRoutingHeaders()).open();

  @AfterEach
  void close() {
    proxy.close();
    replica.close();
  }

  @Test
  void headersOfOneConnectionAreNotForwarded() throws IOException {
    RawClient.Answer answer =
        proxy
            .client()
            .post(
                CHAT,
                chat(),
                "Connection: keep-alive, X-Mine",
                "X-Mine: by hop",
                "Keep-Alive: timeout=9",
                "TE: trailers",
                "Upgrade: h2c",
                "Proxy-Authorization: Basic eA==",
                "Proxy-Connection: keep-alive",
                "X-Kept: yes")
            .read();

    assertThat(replica.calls().getFirst().head())
        .containsIgnoringCase("x-kept: yes")
        .doesNotContainIgnoringCase("x-mine")
        .doesNotContainIgnoringCase("keep-alive")
        .doesNotContainIgnoringCase("\r\nte:")
        .doesNotContainIgnoringCase("upgrade")
        .doesNotContainIgnoringCase("proxy-");
    assertThat(answer.headers())
        .containsEntry("x-metrics", "kept")
        .containsEntry("date", "Sat, 21 Nov 2026 07:28:21 GMT")
        .doesNotContainKeys("x-hop", "keep-alive", "connection");
  }

  @Test
  void noHeaderRevealsTheReplicasLocationOrSoftware() throws IOException {
    RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

    assertThat(answer.headers())
        .doesNotContainKeys("server", "x-powered-by", "location", "content-location", "alt-svc");
    assertThat(answer.headers().toString()).doesNotContain("10.1.2.3").doesNotContain("uvicorn");
    assertThat(answer.headers()).containsEntry("x-kvroute-replica", "r1");
  }

  @Test
  void theReplicaReceivesTheClientsAddressAndHost() throws IOException {
    proxy
        .client()
        .post(CHAT, chat(), "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https")
        .read();
    proxy.client().post(CHAT, chat()).read();

    FakeReplica.Call first = replica.calls().get(0);
    assertThat(first.header("x-forwarded-for")).isEqualTo("192.0.2.1, 127.0.0.1");
    assertThat(first.header("x-forwarded-proto")).isEqualTo("https");
    assertThat(first.header("x-forwarded-host")).isEqualTo("router.test");
    assertThat(first.header("host")).isEqualTo(replica.url().getAuthority());
    FakeReplica.Call second = replica.calls().get(1);
    assertThat(second.header("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(second.header("x-forwarded-proto")).isEqualTo("http");
  }

  @Test
  void aRequestKeepsItsIdOrReceivesANewOne() throws IOException {
    RawClient client = proxy.client();
    assertThat(client.post(CHAT, chat(), "X-Request-Id: abc-1").read().headers())
        .containsEntry("x-request-id", "abc-1");
    String made = client.post(CHAT, chat()).read().headers().get("x-request-id");

    assertThat(replica.calls().get(0).header("x-request-id")).isEqualTo("abc-1");
    assertThat(replica.calls().get(1).header("x-request-id")).isEqualTo(made).hasSize(32);
    assertThat(client.post(CHAT, "{}", "X-Request-Id: abc-2").read().headers())
        .containsEntry("x-request-id", "abc-2");
  }

  @Test
  void aTraceIsContinuedOrStarted() throws IOException {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    RawClient client = proxy.client();
    client.post(CHAT, chat(), "traceparent: " + trace, "tracestate: a=b").read();
    client.post(CHAT, chat()).read();
    client.post(CHAT, chat(), "traceparent: nonsense").read();

    assertThat(replica.calls().get(0).header("traceparent")).isEqualTo(trace);
    assertThat(replica.calls().get(0).header("tracestate")).isEqualTo("a=b");
    assertThat(replica.calls().get(1).header("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    assertThat(replica.calls().get(2).header("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
  }

  @Test
  void routingHeadersShowWhatWasMatchedIfEnabled() throws IOException {
    assertThat(proxy.client().post(CHAT, chat()).read().headers())
        .containsEntry("x-kvroute-mode", "load")
        .containsEntry("x-kvroute-prompt-tokens", "7")
        .containsEntry("x-kvroute-matched-tokens", "32");
    try (ProxyFixture usual = ProxyFixture.to(replica)) {
      assertThat(usual.client().post(CHAT, chat()).read().headers())
          .doesNotContainKeys(
              "x-kvroute-mode", "x-kvroute-prompt-tokens", "x-kvroute-matched-tokens");
    }
  }

  /** The router reads usage and the end of a stream, which compression would hide. */
  @Test
  void enginesAreNotAskedToCompress() throws IOException {
    proxy.client().post(CHAT, chat(), "Accept-Encoding: gzip, br").read();
    assertThat(replica.calls().getFirst().header("accept-encoding")).isEmpty();
  }
}
