package io.kvroute.router.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunk extensions (RFC 9112, 7.1.1) are checked and dropped. */
final class ChunkExtensionTest {

  private static String body(String extension) throws MalformedMessageException {
    ByteBuf in =
        Unpooled.copiedBuffer("2" + extension + "\r\n{}\r\n0" + extension + "\r\n\r\n", ISO_8859_1);
    BodyDecoder decoder = new BodyDecoder();
    decoder.start(new Framing(Framing.Kind.CHUNKED, 0));
    StringBuilder body = new StringBuilder();
    for (int run = decoder.next(in); run > 0; run = decoder.next(in)) {
      body.append(in.readCharSequence(run, ISO_8859_1));
    }
    assertThat(decoder.done()).isTrue();
    return body.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";x",
        ";x=y",
        ";x;y=z;w",
        ";x=\"\"",
        ";x=\"a b;c=d\"",
        ";x=\"a\\\"b\\\\\";y",
        ";x=\"\t\u00e9\"",
        " ; x = y ;z",
        "\t;x=\"y\" ;z"
      })
  void areSkipped(String extension) throws MalformedMessageException {
    assertThat(body(extension)).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ";",
        ";;x",
        ";=y",
        ";x=",
        ";x=y=z",
        ";x=\"y",
        ";x=\"y\"z",
        ";x=y\"z\"",
        ";x y",
        " ",
        " x",
        ";x=\"a\\\u0001\"",
        ";x=\"a\nb\"",
        ";x=\"a\rb\"",
        ";x=\"\u007f\"",
        ";x ",
        ";x=\"y\" "
      })
  void withOtherSyntaxAreRejected(String extension) {
    assertThatThrownBy(() -> body(extension)).isInstanceOf(MalformedMessageException.class);
  }
}
