package io.kvroute.router.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvroute.router.wire.MalformedMessageException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class HeadParserTest {

  private static final String REQUEST =
      String.join(
          "\r\n",
          "POST /v1/chat/completions?a=b HTTP/1.1",
          "Host: router.test:8080",
          "Content-Type:application/json",
          "X-Empty:",
          "X-Spaced: \t a b \t",
          "CONNECTION: Keep-Alive, x-one ,X-Two",
          "",
          "");

  private static HeadParser requests() {
    return HeadParser.ofRequests(4096, 64);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  private static Head request(String text) throws MalformedMessageException {
    HeadParser parser = requests();
    assertThat(parser.parse(bytes(text))).isTrue();
    return parser.head();
  }

  private static Head response(String text) throws MalformedMessageException {
    HeadParser parser = HeadParser.ofResponses(4096, 64);
    assertThat(parser.parse(bytes(text))).isTrue();
    return parser.head();
  }

  @Test
  void readsThePartsOfARequest() throws MalformedMessageException {
    Head head = request(REQUEST);

    assertThat(head.method()).isEqualTo("POST");
    assertThat(head.target()).isEqualTo("/v1/chat/completions?a=b");
    assertThat(head.minorVersion()).isOne();
    assertThat(head.count()).isEqualTo(5);
    assertThat(head.value(KnownHeader.HOST)).isEqualTo("router.test:8080");
    assertThat(head.value("content-type")).isEqualTo("application/json");
    assertThat(head.value("x-empty")).isEmpty();
    assertThat(head.value("x-spaced")).isEqualTo("a b");
    assertThat(head.value("x-absent")).isNull();
  }

  @Test
  void readsAHeadCutAnywhereAndLeavesTheFollowingBytes() throws MalformedMessageException {
    String following = "{\"the\":\"body\"}";
    String all = REQUEST + following;
    for (int cut = 0; cut <= all.length(); cut++) {
      HeadParser parser = requests();
      ByteBuf in = Unpooled.buffer().writeBytes(bytes(all.substring(0, cut)));
      boolean whole = parser.parse(in);
      assertThat(whole).as("cut at %s", cut).isEqualTo(cut >= REQUEST.length());
      in.writeBytes(bytes(all.substring(cut)));
      assertThat(whole || parser.parse(in)).isTrue();
      assertThat(parser.head().value("x-spaced")).isEqualTo("a b");
      assertThat(in.toString(ISO_8859_1)).isEqualTo(following);
    }
  }

  @Test
  void copiesALineUnchanged() throws MalformedMessageException {
    Head head = request(REQUEST);
    ByteBuf out = Unpooled.buffer();
    for (int i = 0; i < head.count(); i++) {
      head.writeLine(out, i);
    }
    assertThat("POST /v1/chat/completions?a=b HTTP/1.1\r\n" + out.toString(ISO_8859_1) + "\r\n")
        .isEqualTo(REQUEST);
  }

  @Test
  void knowsWhichHeadersAConnectionHeaderNames() throws MalformedMessageException {
    Head head = request(REQUEST);
    assertThat(head.connectionHas("keep-alive")).isTrue();
    assertThat(head.connectionHas("x-two")).isTrue();
    assertThat(head.connectionHas("x-on")).isFalse();
    assertThat(head.connectionHas("close")).isFalse();
  }

  @Test
  void readsThePartsOfAResponse() throws MalformedMessageException {
    Head head = response("HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\n");
    assertThat(head.status()).isEqualTo(404);
    assertThat(head.reason()).isEqualTo("Not Found");
    assertThat(response("HTTP/1.0 200 \r\n\r\n").reason()).isEmpty();
    assertThat(response("HTTP/1.1 200\r\n\r\n").status()).isEqualTo(200);
  }

  @Test
  void readsOneHeadAfterTheOther() throws MalformedMessageException {
    HeadParser parser = requests();
    ByteBuf in = bytes(REQUEST + "GET / HTTP/1.0\r\n\r\n");
    assertThat(parser.parse(in)).isTrue();
    parser.reset();
    assertThat(parser.parse(in)).isTrue();
    assertThat(parser.head().method()).isEqualTo("GET");
    assertThat(parser.head().minorVersion()).isZero();
    assertThat(parser.head().count()).isZero();
  }

  @Test
  void acceptsAHeadUpToTheLimit() throws MalformedMessageException {
    String start = "GET / HTTP/1.1\r\nX: ";
    String fits = start + "y".repeat(4096 - start.length() - 4) + "\r\n\r\n";
    assertThat(request(fits).value("x")).startsWith("yyy");
    assertThatThrownBy(() -> request(fits.replace("X: ", "X: y")))
        .isInstanceOfSatisfying(
            MalformedMessageException.class,
            e -> assertThat(e.kind()).isEqualTo(Kind.HEAD_TOO_LARGE));
  }

  @Test
  void rejectsTooManyHeaders() {
    String many = "GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(65) + "\r\n";
    assertThatThrownBy(() -> request(many)).hasMessageContaining("more than 64 headers");
  }

  @Test
  void recognisesKnownHeadersInAnyCase() {
    for (KnownHeader header : KnownHeader.values()) {
      String name = header.name().replace('_', '-');
      byte[] upper = name.getBytes(ISO_8859_1);
      byte[] lower = name.toLowerCase(Locale.ROOT).getBytes(ISO_8859_1);
      assertThat(KnownHeader.named(upper, 0, upper.length)).isEqualTo(header);
      assertThat(KnownHeader.named(lower, 0, lower.length)).isEqualTo(header);
    }
    byte[] other = "x-unheard-of".getBytes(ISO_8859_1);
    assertThat(KnownHeader.named(other, 0, other.length)).isNull();
  }
}
