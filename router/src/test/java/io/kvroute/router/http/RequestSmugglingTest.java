package io.kvroute.router.http;

import static io.kvroute.router.http.RawClient.chatHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages that one reader takes for one request and another for two are rejected, and nothing
 * behind them on the connection is read. Cases from "HTTP Desync Attacks" (James Kettle, 2019) and
 * RFC 9112, 11.2.
 */
@ExtendWith(NoBufferLeaks.class)
final class RequestSmugglingTest {

  private static final String POST =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  private static final String SMUGGLED =
      chatHead("Content-Length: 31") + "{\"model\":\"qwen3\",\"messages\":[]}";

  static Stream<Named<String>> ambiguous() {
    return Stream.of(
        Named.of(
            "both length and chunked",
            POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Named.of(
            "chunked and length",
            POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
        Named.of("two lengths", POST + "Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}"),
        Named.of(
            "the same length twice", POST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
        Named.of("a list of lengths", POST + "Content-Length: 2, 2\r\n\r\n{}"),
        Named.of("a signed length", POST + "Content-Length: +2\r\n\r\n{}"),
        Named.of("a length in hex", POST + "Content-Length: 0x2\r\n\r\n{}"),
        Named.of("a negative length", POST + "Content-Length: -2\r\n\r\n{}"),
        Named.of("an empty length", POST + "Content-Length:\r\n\r\n{}"),
        Named.of(
            "a length too long to be one", POST + "Content-Length: 99999999999999999999\r\n\r\n"),
        Named.of("an unknown coding", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        Named.of(
            "a coding behind chunked",
            POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        Named.of(
            "chunked twice",
            POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Named.of(
            "a vertical tab before chunked",
            POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
        Named.of(
            "chunked in HTTP/1.0",
            POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Named.of("a folded line", POST + "X-Folded: one\r\n two\r\nContent-Length: 2\r\n\r\n{}"),
        Named.of("a folded coding", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        Named.of("space before a colon", POST + "Content-Length : 2\r\n\r\n{}"),
        Named.of("a name with a space", POST + "Content Length: 2\r\n\r\n{}"),
        Named.of("a header without a colon", POST + "Content-Length\r\n\r\n{}"),
        Named.of("an empty name", POST + ": 2\r\n\r\n{}"),
        Named.of("bare line feeds", POST.replace("\r\n", "\n") + "Content-Length: 2\n\n{}"),
        Named.of("one bare line feed", POST + "X-One: 1\nContent-Length: 2\r\n\r\n{}"),
        Named.of(
            "a bare carriage return",
            POST + "X-One: 1\rContent-Length: 9\r\nContent-Length: 2\r\n\r\n{}"),
        Named.of("a NUL in a value", POST + "X-One: \0\r\nContent-Length: 2\r\n\r\n{}"),
        Named.of(
            "two spaces in the request line",
            POST.replaceFirst(" ", "  ") + "Content-Length: 2\r\n\r\n{}"),
        Named.of(
            "a tab in the request line",
            POST.replaceFirst(" ", "\t") + "Content-Length: 2\r\n\r\n{}"),
        Named.of("another version", POST.replace("1.1", "2.0") + "Content-Length: 2\r\n\r\n{}"),
        Named.of("no Host", POST.replace("Host: a\r\n", "") + "Content-Length: 2\r\n\r\n{}"),
        Named.of("two Hosts", POST + "Host: b\r\nContent-Length: 2\r\n\r\n{}"),
        Named.of(
            "a Host with a path",
            POST.replace("Host: a", "Host: a/b") + "Content-Length: 2\r\n\r\n{}"),
        Named.of("a chunk size with a sign", chunked("+2\r\n{}\r\n0\r\n\r\n")),
        Named.of("a chunk size with a prefix", chunked("0x2\r\n{}\r\n0\r\n\r\n")),
        Named.of("a chunk size with a space", chunked("2 \r\n{}\r\n0\r\n\r\n")),
        Named.of("an empty chunk size", chunked("\r\n{}\r\n0\r\n\r\n")),
        Named.of("a chunk size beyond counting", chunked("100000000\r\n{}\r\n0\r\n\r\n")),
        Named.of("a chunk size ended by a bare line feed", chunked("2\n{}\r\n0\r\n\r\n")),
        Named.of("an extension with a bare line feed", chunked("2;x\n{}\r\n0\r\n\r\n")),
        Named.of("an extension with a quote", chunked("2;x=\"\r\n{}\r\n0\r\n\r\n")),
        Named.of("a trailer without a colon", chunked("2\r\n{}\r\n0\r\nx\r\n\r\n")),
        Named.of("a chunk longer than its size", chunked("1\r\n{}\r\n0\r\n\r\n")),
        Named.of("trailers ended by bare line feeds", chunked("2\r\n{}\r\n0\r\nx: y\n\n")));
  }

  private static String chunked(String body) {
    return POST + "Transfer-Encoding: chunked\r\n\r\n" + body;
  }

  @ParameterizedTest
  @MethodSource("ambiguous")
  void anAmbiguousMessageIsRejectedAndNothingBehindItIsRead(String message) throws IOException {
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client().send(message + SMUGGLED);
      RawClient.Answer answer = client.read();

      assertThat(answer.status()).isIn(400, 501, 505);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(client.atEnd()).isTrue();
      assertThat(replica.calls()).isEmpty();
    }
  }
}
