package io.kvroute.router.http;

import static io.kvroute.router.http.RawClient.chatHead;
import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients' errors are reported in OpenAI's format and affect no later request. */
@ExtendWith(NoBufferLeaks.class)
final class BadRequestTest {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String CHAT = "/v1/chat/completions";

  private final FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
  private final ProxyFixture proxy =
      ProxyFixture.setup().replicas(replica).options(o -> o.bodies(10_000, 100_000)).open();

  @AfterEach
  void theNextRequestOnAFreshConnectionWorks() throws IOException {
    try (replica;
        proxy) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void aBodyThatIsNotJsonIsA400() throws IOException {
    refused(400, "BadRequestError", proxy.client().post(CHAT, "{\"model\": qwen3}").read());
  }

  @Test
  void aBodyThatEndsTooEarlyIsA400() throws IOException {
    refused(400, "BadRequestError", proxy.client().post(CHAT, "{\"model\":\"qwen3\"").read());
  }

  @Test
  void anotherContentTypeIsA415() throws IOException {
    RawClient client =
        proxy
            .client()
            .send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 2\r\n\r\n{}");
    refused(415, "UnsupportedMediaTypeError", client.read());
  }

  @Test
  void aBodyInAnUnknownCodingIsA415() throws IOException {
    refused(
        415,
        "UnsupportedMediaTypeError",
        proxy.client().post(CHAT, chat(), "Content-Encoding: br").read());
  }

  @Test
  void missingMessagesAreA400ThatNamesTheField() throws IOException {
    JsonNode error =
        refused(400, "BadRequestError", proxy.client().post(CHAT, "{\"model\":\"qwen3\"}").read());
    assertThat(error.get("param").asString()).isEqualTo("messages");
  }

  @Test
  void anUnknownModelIsA404ThatListsTheServedModels() throws IOException {
    JsonNode error =
        refused(
            404,
            "NotFoundError",
            proxy.client().post(CHAT, chat().replace("qwen3", "gpt-9")).read());
    assertThat(error.get("message").asString()).contains("gpt-9", "qwen3");
  }

  @Test
  void aModelThatNoReplicaServesNeverBecomesALabel() throws IOException {
    proxy.client().post(CHAT, chat().replace("qwen3", "made-up")).read();

    assertThat(proxy.count("kvroute.requests", "model", "made-up")).isZero();
    assertThat(proxy.count("kvroute.requests", "model", "none", "code", "404")).isOne();
  }

  @Test
  void anAnnouncedBodyOverTheLimitIsA413BeforeItArrives() throws IOException {
    RawClient client = proxy.client().send(chatHead("Content-Length: 10001"));
    refused(413, "RequestTooLargeError", client.read());
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void aChunkedBodyOverTheLimitIsA413ThatAStillSendingClientCanRead() throws IOException {
    RawClient client = proxy.client().send(chatHead("Transfer-Encoding: chunked"));
    for (int i = 0; i < 200; i++) {
      client.send("1000\r\n" + " ".repeat(4096) + "\r\n");
    }
    refused(413, "RequestTooLargeError", client.read());
  }

  @Test
  void anUnknownPathIsA404() throws IOException {
    refused(404, "NotFoundError", proxy.client().post("/v1/chat/complete", chat()).read());
  }

  @Test
  void anUnknownMethodIsA405ThatNamesTheAllowedOnes() throws IOException {
    RawClient.Answer answer =
        proxy.client().send("GET /v1/chat/completions HTTP/1.1\r\nHost: a\r\n\r\n").read();
    refused(405, "MethodNotAllowedError", answer);
    assertThat(answer.headers().get("allow")).contains("POST");
  }

  @Test
  void invalidChunkedCodingIsA400() throws IOException {
    RawClient client =
        proxy.client().send(chatHead("Transfer-Encoding: chunked") + "zz\r\n{}\r\n0\r\n\r\n");
    refused(400, "BadRequestError", client.read());
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void headersOverTheLimitAreA431() throws IOException {
    RawClient client =
        proxy
            .client()
            .send("GET /health HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(40_000) + "\r\n\r\n");
    refused(431, "RequestTooLargeError", client.read());
  }

  @Test
  void anExpectationThatCannotBeMetIsA417() throws IOException {
    RawClient.Answer answer = proxy.client().post(CHAT, chat(), "Expect: a-miracle").read();
    assertThat(answer.status()).isEqualTo(417);
  }

  @Test
  void aRejectedButCompletelyReadBodyLeavesTheConnectionUsable() throws IOException {
    RawClient client = proxy.client();
    refused(400, "BadRequestError", client.post(CHAT, "[]").read());
    assertThat(client.post(CHAT, chat()).read().status()).isEqualTo(200);
  }

  private static JsonNode refused(int status, String type, RawClient.Answer answer) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.whole()).isTrue();
    assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
    JsonNode error = MAPPER.readTree(answer.body()).get("error");
    assertThat(error.get("type").asString()).isEqualTo(type);
    assertThat(error.get("code").asInt()).isEqualTo(status);
    assertThat(error.get("message").asString()).isNotBlank();
    assertThat(error.has("param")).isTrue();
    return error;
  }
}
