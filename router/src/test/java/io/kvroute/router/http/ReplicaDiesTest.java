package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.openai.Recordings;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A replica that fails before its first body byte costs the client nothing. One that fails later
 * ends the response so that no client takes it for complete.
 */
@ExtendWith(NoBufferLeaks.class)
final class ReplicaDiesTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String EVENT = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

  static Stream<Named<FakeReplica.Script>> deathsBeforeTheFirstByte() {
    return Stream.of(
        Named.of("reset before any answer", FakeReplica.Call::reset),
        Named.of("closed before any answer", FakeReplica.Call::close),
        Named.of("closed in the middle of a head", call -> call.write("HTTP/1.1 200").close()),
        Named.of("reset after the head of a stream", call -> call.stream().reset()),
        Named.of(
            "closed after the head of a whole answer",
            call -> call.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n").close()),
        Named.of("gibberish", call -> call.write("* BAD gibberish\r\n\r\n")),
        Named.of("switching protocols", call -> call.write("HTTP/1.1 101 Hm\r\n\r\n").close()),
        Named.of(
            "a full engine",
            call -> call.write("HTTP/1.1 503 Busy\r\ncontent-length: 2\r\n\r\n{}")));
  }

  @ParameterizedTest
  @MethodSource("deathsBeforeTheFirstByte")
  void beforeItsFirstByteAnotherReplicaTakesOver(FakeReplica.Script death) throws IOException {
    byte[] answer = Recordings.named("chat cold").response();
    try (FakeReplica dying = new FakeReplica(death);
        FakeReplica other = new FakeReplica(call -> call.ok("application/json", answer));
        ProxyFixture proxy = ProxyFixture.to(dying, other)) {
      RawClient.Answer got = proxy.client().post(CHAT, chat()).read();

      assertThat(got.status()).isEqualTo(200);
      assertThat(got.bytes()).isEqualTo(answer);
      assertThat(got.headers()).containsEntry("x-kvroute-replica", "r2");
      assertThat(other.calls().getFirst().body()).isEqualTo(dying.calls().getFirst().body());
      assertThat(dying.calls()).hasSize(1);
      assertThat(proxy.router().load()).isZero();
      assertThat(proxy.router().outcomes().get(1)).isInstanceOf(Outcome.Completed.class);
      assertThat(proxy.count("kvroute.retries")).isOne();
    }
  }

  @Test
  void aReplicaThatRefusesConnectionsIsSkipped() throws IOException {
    try (FakeReplica other = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy =
            ProxyFixture.setup().replica(FakeReplica.refusing()).replicas(other).open()) {
      assertThat(proxy.client().post(CHAT, chat()).read().status()).isEqualTo(200);
      assertThat(proxy.router().outcomes().getFirst())
          .isEqualTo(new Outcome.ReplicaFailed("connect", false));
      assertThat(proxy.count("kvroute.retries", "reason", "connect")).isOne();
    }
  }

  @Test
  void whenNoReplicaIsLeftTheClientReceivesA502() throws IOException {
    try (FakeReplica dying = new FakeReplica(FakeReplica.Call::reset);
        ProxyFixture proxy = ProxyFixture.to(dying)) {
      RawClient client = proxy.client();
      RawClient.Answer answer = client.post(CHAT, chat()).read();

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body()).contains("BadGatewayError");
      assertThat(answer.headers()).containsKey("x-request-id");
      assertThat(proxy.router().load()).isZero();
      assertThat(dying.calls()).as("deliveries").hasSize(1);
      assertThat(client.post(CHAT, chat()).read().status()).isEqualTo(502);
    }
  }

  @Test
  void whenAllEnginesAreFullTheir503IsForwarded() throws IOException {
    FakeReplica.Script full =
        call -> call.write("HTTP/1.1 503 Busy\r\nretry-after: 9\r\ncontent-length: 4\r\n\r\nfull");
    try (FakeReplica one = new FakeReplica(full);
        FakeReplica two = new FakeReplica(full);
        ProxyFixture proxy = ProxyFixture.to(one, two)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("full");
      assertThat(answer.headers()).containsEntry("retry-after", "9");
      assertThat(one.calls()).hasSize(1);
      assertThat(two.calls()).hasSize(1);
      assertThat(proxy.router().load()).isZero();
    }
  }

  @Test
  void otherErrorsAreForwardedWithoutARetry() throws IOException {
    try (FakeReplica one =
            new FakeReplica(
                call ->
                    call.write(
                        "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 4\r\n\r\noops"));
        FakeReplica two = new FakeReplica(FakeReplica.Call::reset);
        ProxyFixture proxy = ProxyFixture.to(one, two)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("oops");
      assertThat(two.calls()).isEmpty();
      assertThat(proxy.router().outcomes()).containsExactly(new Outcome.Refused(500));
    }
  }

  @Test
  void inTheMiddleOfAStreamTheClientReceivesAnErrorEventAndNoEnd() throws IOException {
    try (FakeReplica dying =
            new FakeReplica(
                call -> {
                  call.stream().chunk(EVENT).chunk(EVENT);
                  call.close();
                });
        FakeReplica other = new FakeReplica(call -> call.ok("application/json", "{}"));
        ProxyFixture proxy = ProxyFixture.to(dying, other)) {
      RawClient client = proxy.client();
      RawClient.Answer answer = client.post(CHAT, chat()).read();

      assertThat(answer.whole()).as("ended by a last chunk").isFalse();
      assertThat(answer.body()).startsWith(EVENT + EVENT).doesNotContain("[DONE]");
      assertThat(answer.body().substring(2 * EVENT.length()).strip())
          .startsWith("data: {\"error\":{")
          .contains("BadGatewayError");
      assertThat(answer.body()).endsWith("\n\n");
      assertThat(client.atEnd()).isTrue();
      assertThat(other.calls()).as("tokens replayed").isEmpty();
      assertThat(proxy.router().outcomes().getFirst()).isInstanceOf(Outcome.ReplicaFailed.class);
      assertThat(proxy.router().load()).isZero();
      assertThat(proxy.router().reservations().getFirst().chunks()).isEqualTo(2);
    }
  }

  @Test
  void inTheMiddleOfAnEventTheErrorIsASeparateEvent() throws IOException {
    try (FakeReplica dying =
            new FakeReplica(
                call -> {
                  call.stream().write("ff\r\ndata: {\"choi");
                  call.close();
                });
        ProxyFixture proxy = ProxyFixture.to(dying)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.whole()).isFalse();
      assertThat(answer.body()).startsWith("data: {\"choi\n\ndata: {\"error\":{");
    }
  }

  @Test
  void inTheMiddleOfACompleteResponseTheClientSeesATruncatedBody() throws IOException {
    try (FakeReplica dying =
            new FakeReplica(
                call ->
                    call.write(
                            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                                + "content-length: 10\r\n\r\n{\"a\"")
                        .close());
        ProxyFixture proxy = ProxyFixture.to(dying)) {
      RawClient client = proxy.client();
      RawClient.Answer answer = client.post(CHAT, chat()).read();

      assertThat(answer.whole()).isFalse();
      assertThat(answer.body()).isEqualTo("{\"a\"");
      assertThat(client.atEnd()).isTrue();
      assertThat(proxy.router().load()).isZero();
    }
  }

  /** The engine has sent everything; a missing last chunk takes nothing from the client. */
  @Test
  void rightAfterTheDoneEventTheRequestCountsAsSuccessful() throws IOException {
    try (FakeReplica dying =
            new FakeReplica(
                call -> {
                  call.stream().chunk(EVENT).chunk("data: [DONE]\n\n");
                  call.close();
                });
        ProxyFixture proxy = ProxyFixture.to(dying)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.whole()).isTrue();
      assertThat(answer.body()).isEqualTo(EVENT + "data: [DONE]\n\n");
      assertThat(proxy.router().outcomes().getFirst()).isInstanceOf(Outcome.Completed.class);
      assertThat(proxy.count("kvroute.requests", "code", "200")).isOne();
    }
  }

  @Test
  void aStreamFramedByItsConnectionsEndIsCompleteOnlyAfterTheDoneEvent() throws IOException {
    String head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    try (FakeReplica whole =
            new FakeReplica(call -> call.write(head + EVENT + "data: [DONE]\n\n").close());
        FakeReplica cut = new FakeReplica(call -> call.write(head + EVENT).close());
        ProxyFixture toWhole = ProxyFixture.to(whole);
        ProxyFixture toCut = ProxyFixture.to(cut)) {
      RawClient.Answer good = toWhole.client().post(CHAT, chat()).read();
      assertThat(good.whole()).isTrue();
      assertThat(good.body()).isEqualTo(EVENT + "data: [DONE]\n\n");

      RawClient.Answer bad = toCut.client().post(CHAT, chat()).read();
      assertThat(bad.whole()).isFalse();
      assertThat(bad.body()).contains("\"error\"");
    }
  }

  /** A wrong length must not cut a stream short. */
  @Test
  void aStreamWithALengthIsForwardedWithoutTheLength() throws IOException {
    String events = EVENT + "data: [DONE]\n\n";
    try (FakeReplica replica = new FakeReplica(call -> call.ok("text/event-stream", events));
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient.Answer answer = proxy.client().post(CHAT, chat()).read();

      assertThat(answer.headers()).doesNotContainKey("content-length");
      assertThat(answer.headers()).containsEntry("transfer-encoding", "chunked");
      assertThat(answer.body()).isEqualTo(events);
    }
  }

  @Test
  void anErrorInsideAStreamIsForwardedAndCountsAsFailure() throws IOException {
    String events = "data: {\"error\":{\"message\":\"boom\",\"code\":500}}\n\ndata: [DONE]\n\n";
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  call.stream().chunk(events);
                  call.endOfChunks();
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      assertThat(proxy.client().post(CHAT, chat()).read().body()).isEqualTo(events);
      assertThat(proxy.router().outcomes()).containsExactly(new Outcome.Refused(500));
    }
  }
}
