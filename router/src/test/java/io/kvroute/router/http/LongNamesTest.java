package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An error shows the start of a long name, so that no answer is as long as its request. */
@ExtendWith(NoBufferLeaks.class)
final class LongNamesTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String LONG = "y".repeat(9_000);

  private final FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
  private final ProxyFixture proxy = ProxyFixture.to(replica);

  @AfterEach
  void close() {
    proxy.close();
    replica.close();
  }

  private static void isShort(RawClient.Answer answer, int status) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains("yyyyyyyy").hasSizeLessThan(500);
  }

  @Test
  void aModel() throws IOException {
    isShort(proxy.client().post(CHAT, chat().replace("qwen3", LONG)).read(), 404);
  }

  @Test
  void aModelWhoseCutWouldSplitACharacter() throws IOException {
    String model = "yyyyyyyy" + "y".repeat(119) + "\ud83d\ude00".repeat(2_000);
    RawClient.Answer answer = proxy.client().post(CHAT, chat().replace("qwen3", model)).read();
    isShort(answer, 404);
    assertThat(answer.body()).doesNotContain("?", "\\ud83d");
  }

  @Test
  void aPath() throws IOException {
    isShort(proxy.client().post("/v1/" + LONG, chat()).read(), 404);
  }

  @Test
  void aMethod() throws IOException {
    isShort(
        proxy.client().send(LONG + " /v1/chat/completions HTTP/1.1\r\nHost: a\r\n\r\n").read(),
        405);
  }

  @Test
  void aContentType() throws IOException {
    isShort(
        proxy
            .client()
            .send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                    + "Content-Type: "
                    + LONG
                    + "\r\n\r\n{}")
            .read(),
        415);
  }

  @Test
  void aContentEncoding() throws IOException {
    isShort(proxy.client().post(CHAT, chat(), "Content-Encoding: " + LONG).read(), 415);
  }
}
