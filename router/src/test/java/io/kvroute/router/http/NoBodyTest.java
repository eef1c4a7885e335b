package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses without a body, and statuses that do not exist (RFC 9110, 8.6 and 15). */
@ExtendWith(NoBufferLeaks.class)
final class NoBodyTest {

  private static final String CHAT = "/v1/chat/completions";

  private static FakeReplica answering(String response) {
    return new FakeReplica(call -> call.write(response));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "/health", "/v1/models", "/v1/chat/completions"})
  void theRoutersOwn204HasNoLength(String target) throws IOException {
    try (FakeReplica replica = answering("");
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      for (int i = 0; i < 2; i++) {
        client.send("OPTIONS " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers()).doesNotContainKeys("content-length", "transfer-encoding");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"
      })
  void aReplicas204IsForwardedWithoutALength(String response) throws IOException {
    try (FakeReplica replica = answering(response);
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();
      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.headers()).doesNotContainKeys("content-length", "transfer-encoding");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "099", "600", "999"})
  void aStatusThatDoesNotExistIsA502(String status) throws IOException {
    try (FakeReplica replica =
            answering("HTTP/1.1 " + status + " Odd\r\nContent-Length: 2\r\n\r\n{}");
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(502);
    }
  }

  /** RFC 9110, 7.8: nobody asked for another protocol, and what follows would not be HTTP. */
  @Test
  void aSwitchOfProtocolsIsA502() throws IOException {
    try (FakeReplica replica =
            answering(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(502);
    }
  }
}
