package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Request targets and Host headers (RFC 9112, 3.2; RFC 9110, 4.2 and 7.2). */
@ExtendWith(NoBufferLeaks.class)
final class RequestTargetTest {

  private final FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
  private final ProxyFixture proxy = ProxyFixture.to(replica);

  @AfterEach
  void close() {
    proxy.close();
    replica.close();
  }

  private int status(String target, String host) throws IOException {
    return proxy
        .client()
        .send(
            "POST %s HTTP/1.1\r\nHost:%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(target, host, chat().length(), chat()))
        .read()
        .status();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a/v1/chat/completions",
        "HTTP://a:8080/v1/chat/completions",
        "http://a:/v1/chat/completions",
        "http://[::1]:80/v1/chat/completions",
        "http://a.b-c_d~e/v1/chat/completions?x=/y"
      })
  void theAbsoluteFormIsRead(String target) throws IOException {
    assertThat(status(target, "a")).isEqualTo(200);
  }

  /** RFC 9112, 3.2.2: the target's host replaces that of the Host header. */
  @Test
  void theHostOfAnAbsoluteTargetReplacesTheHeader() throws IOException {
    assertThat(status("http://real.test:81/v1/chat/completions", "other.test")).isEqualTo(200);
    assertThat(replica.calls().getFirst().header("x-forwarded-host")).isEqualTo("real.test:81");
    assertThat(replica.calls().getFirst().head()).startsWith("POST /v1/chat/completions HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource({
    "http://a?x=/v1/chat/completions, 404",
    "http://a, 404",
    "http:///v1/chat/completions, 400",
    "http://:80/v1/chat/completions, 400",
    "http://?/v1/chat/completions, 400",
    "http://u@a/v1/chat/completions, 400",
    "http://u:p@a/v1/chat/completions, 400",
    "http://a:x/v1/chat/completions, 400",
    "http://a:65536/v1/chat/completions, 400",
    "http://a:-1/v1/chat/completions, 400",
    "http://a:1:2/v1/chat/completions, 400",
    "http://[::1/v1/chat/completions, 400",
    "http://[nonsense]/v1/chat/completions, 400",
    "http:/v1/chat/completions, 400",
    "ftp://a/v1/chat/completions, 400",
    "v1/chat/completions, 400",
    "a:80, 400",
    "*, 400"
  })
  void aTargetThatNamesNoPathOfOursIsRefused(String target, int status) throws IOException {
    assertThat(status(target, "a")).isEqualTo(status);
    assertThat(replica.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " u@a",
        " a:x",
        " a:65536",
        " a:1:2",
        " :80",
        " [::1",
        " [g::1]",
        " ::1",
        " a%zz"
      })
  void aHostHeaderThatIsNoHostIsRefused(String host) throws IOException {
    assertThat(status("/v1/chat/completions", host)).isEqualTo(400);
    assertThat(replica.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" a", " a.test:8080", " a:", " [::1]", " [2001:db8::1]:80", " a%20b", " a_b"})
  void aHostHeaderMayNameAPort(String host) throws IOException {
    assertThat(status("/v1/chat/completions", host)).isEqualTo(200);
  }
}
