package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests of one connection are answered one after the other. */
@ExtendWith(NoBufferLeaks.class)
final class ClientConnectionTest {

  private static final String CHAT = "/v1/chat/completions";

  private final FakeReplica echo =
      new FakeReplica(call -> call.ok("application/json", call.body()));
  private final ProxyFixture proxy = ProxyFixture.to(echo);

  @AfterEach
  void close() {
    proxy.close();
    echo.close();
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws IOException {
    RawClient client = proxy.client();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      String body = chat().replace("hi", "number " + i);
      all.append(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      all.append("GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    client.send(all.toString());

    for (int i = 0; i < 50; i++) {
      assertThat(client.read().body()).isEqualTo(chat().replace("hi", "number " + i));
      assertThat(client.read().body()).contains("\"object\":\"list\"");
    }
  }

  @Test
  void manyLocalResponsesInOneReadDoNotOverflowTheStack() throws IOException {
    RawClient client = proxy.client();
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000));
    for (int i = 0; i < 2_000; i++) {
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void aPipelinedRequestWaitsForThePreviousResponse() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (FakeReplica slow =
            new FakeReplica(
                call -> {
                  call.stream().chunk("data: {}\n\n");
                  FakeReplica.await(go);
                  call.endOfChunks();
                });
        ProxyFixture patient = ProxyFixture.to(slow)) {
      RawClient client = patient.client().post(CHAT, chat()).post(CHAT, chat());
      assertThat(client.readHead().status()).isEqualTo(200);
      client.readChunk();
      assertThat(slow.calls()).hasSize(1);

      go.countDown();
      assertThat(client.readChunk()).isEmpty();
      assertThat(client.read().whole()).isTrue();
      assertThat(slow.calls()).hasSize(2);
    }
  }

  @Test
  void aRequestCutAnywhereIsReadTheSame() throws IOException {
    RawClient client = proxy.client();
    String body = chat();
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "3;ext=1\r\n"
            + body.substring(0, 3)
            + "\r\n"
            + Integer.toHexString(body.length() - 3).toUpperCase(java.util.Locale.ROOT)
            + "\r\n"
            + body.substring(3)
            + "\r\n0\r\nX-Trailer: 1\r\n\r\n";
    for (int cut = 1; cut < request.length(); cut++) {
      client.send(request.substring(0, cut)).send(request.substring(cut));
      assertThat(client.read().body()).as("cut at %s", cut).isEqualTo(body);
    }
  }

  @Test
  void aClientThatExpectsContinueReceivesIt() throws IOException {
    RawClient client =
        proxy
            .client()
            .send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n"
                    + "Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                    + chat().length()
                    + "\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(100);
    client.send(chat());
    assertThat(client.read().body()).isEqualTo(chat());
    assertThat(echo.calls().getFirst().header("expect")).isEmpty();
  }

  @Test
  void anHttp10ClientReceivesAResponseThatEndsWithItsConnection() throws IOException {
    try (FakeReplica streaming =
            new FakeReplica(
                call -> {
                  call.stream().chunk("data: {}\n\n").chunk("data: [DONE]\n\n");
                  call.endOfChunks();
                });
        ProxyFixture proxy = ProxyFixture.to(streaming)) {
      RawClient client =
          proxy
              .client()
              .send(
                  "POST /v1/chat/completions HTTP/1.0\r\nContent-Type: application/json\r\n"
                      + "Content-Length: "
                      + chat().length()
                      + "\r\n\r\n"
                      + chat());
      RawClient.Answer answer = client.read();

      assertThat(answer.headers()).doesNotContainKeys("transfer-encoding", "content-length");
      assertThat(answer.body()).isEqualTo("data: {}\n\ndata: [DONE]\n\n");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aConnectionMarkedCloseIsClosedAfterItsResponse() throws IOException {
    RawClient client = proxy.client().post(CHAT, chat(), "Connection: close");
    RawClient.Answer answer = client.read();

    assertThat(answer.headers()).containsEntry("connection", "close");
    assertThat(answer.body()).isEqualTo(chat());
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void headAnswersLikeGetWithoutTheBody() throws IOException {
    RawClient client = proxy.client().send("HEAD /v1/models HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.readHead().headers().get("content-length")).isNotEqualTo("0");
    client.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(200);
  }

  @Test
  void optionsListsTheMethods() throws IOException {
    RawClient client = proxy.client().send("OPTIONS " + CHAT + " HTTP/1.1\r\nHost: a\r\n\r\n");
    RawClient.Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.headers()).containsEntry("allow", "POST, OPTIONS");
    assertThat(client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").read().status()).isEqualTo(204);
  }

  @Test
  void theAbsoluteFormOfATargetIsAccepted() throws IOException {
    String target = "http://router.test/v1/chat/completions?api-version=1";
    assertThat(proxy.client().post(target, chat()).read().status()).isEqualTo(200);
    assertThat(echo.calls().getFirst().head())
        .startsWith("POST /v1/chat/completions?api-version=1 HTTP/1.1\r\n");
  }

  @Test
  void anEmptyLineBeforeARequestIsIgnored() throws IOException {
    RawClient client = proxy.client().send("\r\nGET /health HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(200);
  }

  @Test
  void textOfAnyLanguageIsForwardedUnchanged() throws IOException {
    String body = chat().replace("hi", "你好 – Grüße 👋");
    RawClient.Answer answer =
        proxy.client().post(CHAT, body.getBytes(StandardCharsets.UTF_8)).read();
    assertThat(answer.bytes()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
  }
}
