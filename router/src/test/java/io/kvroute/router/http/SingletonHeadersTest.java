package io.kvroute.router.http;

import static io.kvroute.router.http.RawClient.chatHead;
import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two lines of a header that has one value are refused: the router could judge one of them, and the
 * engine use the other (RFC 9110, 5.3).
 */
@ExtendWith(NoBufferLeaks.class)
final class SingletonHeadersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain",
        "Content-Type: application/json",
        "Authorization: Bearer one\r\nauthorization: Bearer two",
        "X-Api-Key: one\r\nX-Api-Key: two",
        "Api-Key: one\r\nApi-Key: two",
        "Content-Encoding: identity\r\nContent-Encoding: gzip",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip",
        "Expect: 100-continue\r\nExpect: 100-continue"
      })
  void twoLinesAreRefused(String lines) throws IOException {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient.Answer answer =
          proxy
              .client()
              .send(chatHead(lines, "Content-Length: " + chat().length()) + chat())
              .read();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("more than one");
      assertThat(replica.calls()).isEmpty();
    }
  }
}
