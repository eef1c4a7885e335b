package io.kvroute.router.http;

import static io.kvroute.router.http.ProxyFixture.MODEL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.openai.Recordings;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recorded exchanges are forwarded as a direct connection would deliver them, apart from headers.
 */
@ExtendWith(NoBufferLeaks.class)
final class ResponseRelayTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"chat cold", "completions text", "err model", "err too long", "tokenize chat"})
  void aCompleteResponseIsForwardedByteForByte(String name) throws IOException {
    Recordings.Exchange recorded = Recordings.named(name);
    byte[] request = forServedModel(recorded);
    try (FakeReplica replica = new FakeReplica(call -> call.write(whole(recorded)));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient.Answer answer = proxy.client().post(recorded.path(), request).read();

      assertThat(answer.status()).isEqualTo(recorded.status());
      assertThat(answer.bytes()).isEqualTo(recorded.response());
      assertThat(replica.calls().getFirst().body()).isEqualTo(request);
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void aCompleteResponseReportsTheEnginesCountsToTheRouter() throws IOException {
    Recordings.Exchange recorded = Recordings.named("chat warm");
    try (FakeReplica replica = new FakeReplica(call -> call.write(whole(recorded)));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      proxy.client().post(recorded.path(), recorded.request()).read();

      assertThat(proxy.router().outcomes().getFirst())
          .isInstanceOfSatisfying(
              Outcome.Completed.class,
              completed -> {
                assertThat(completed.promptTokens()).isPositive();
                assertThat(completed.cachedTokens()).isPositive();
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat turn 2 stream", "chat no usage stream", "completions ids stream"})
  void aStreamCutIntoTwoChunksAnywhereIsForwardedByteForByte(String name) throws IOException {
    Recordings.Exchange recorded = Recordings.named(name);
    byte[] stream = recorded.response();
    AtomicInteger cut = new AtomicInteger();
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.write(FakeReplica.STREAM_HEAD);
                  call.write(chunk(stream, 0, cut.get()));
                  call.write(chunk(stream, cut.get(), stream.length));
                  call.endOfChunks();
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      for (cut.set(1); cut.get() < stream.length; cut.incrementAndGet()) {
        RawClient.Answer answer = client.post(recorded.path(), recorded.request()).read();

        assertThat(answer.whole()).isTrue();
        assertThat(answer.bytes()).as("cut at %s", cut).isEqualTo(stream);
      }
      assertThat(proxy.router().load()).isZero();
      assertThat(proxy.router().reservations())
          .allSatisfy(ticket -> assertThat(ticket.firstTokens()).isOne());
    }
  }

  @Test
  void aResponseThatArrivesInTwoPiecesCutAnywhereIsTheSame() throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] events = "data: {\"choices\":[{\"delta\":{}}]}\n\ndata: [DONE]\n\n".getBytes(UTF_8);
    answer.writeBytes(FakeReplica.STREAM_HEAD.getBytes(UTF_8));
    answer.writeBytes(chunk(events, 0, 20));
    answer.writeBytes(chunk(events, 20, events.length));
    answer.writeBytes("0\r\n\r\n".getBytes(UTF_8));
    byte[] wire = answer.toByteArray();
    AtomicInteger cut = new AtomicInteger();
    try (FakeReplica replica =
            new FakeReplica(
                call ->
                    call.write(Arrays.copyOf(wire, cut.get()))
                        .write(Arrays.copyOfRange(wire, cut.get(), wire.length)));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      for (cut.set(1); cut.get() < wire.length; cut.incrementAndGet()) {
        RawClient.Answer got = client.post("/v1/chat/completions", chat()).read();

        assertThat(got.bytes()).as("cut at %s", cut).isEqualTo(events);
      }
    }
  }

  @Test
  void aLargeBodyArrivesUnchanged() throws IOException {
    String text = "0123456789abcdef".repeat(60_000);
    String body = chat().replace("hi", text);
    try (FakeReplica replica = new FakeReplica(call -> call.ok("application/json", call.body()));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient.Answer echo = proxy.client().post("/v1/chat/completions", body).read();

      assertThat(replica.calls().getFirst().body()).isEqualTo(body.getBytes(UTF_8));
      assertThat(echo.body()).isEqualTo(body);
    }
  }

  static String chat() {
    return "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  }

  private static byte[] chunk(byte[] bytes, int from, int to) {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.writeBytes((Integer.toHexString(to - from) + "\r\n").getBytes(UTF_8));
    chunk.write(bytes, from, to - from);
    chunk.writeBytes("\r\n".getBytes(UTF_8));
    return chunk.toByteArray();
  }

  private static byte[] whole(Recordings.Exchange recorded) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    String head =
        "HTTP/1.1 "
            + recorded.status()
            + " Whatever\r\nserver: uvicorn\r\ncontent-type: application/json\r\ncontent-length: "
            + recorded.response().length
            + "\r\n\r\n";
    answer.writeBytes(head.getBytes(UTF_8));
    answer.writeBytes(recorded.response());
    return answer.toByteArray();
  }

  /** The router rejects requests for unserved models; here the recorded responses matter. */
  private static byte[] forServedModel(Recordings.Exchange recorded) {
    return recorded
        .requestText()
        .replaceFirst("\"model\":\\s*\"[^\"]*\"", "\"model\":\"" + MODEL + "\"")
        .getBytes(UTF_8);
  }
}
