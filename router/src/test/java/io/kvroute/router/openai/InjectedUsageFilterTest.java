package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InjectedUsageFilterTest {

  private static final String USAGE =
      "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":5}}\n\n";

  /** The filter's output for a stream that arrives in pieces of at most {@code most} bytes. */
  private static byte[] filtered(byte[] stream, int most, Random random) {
    InjectedUsageFilter filter = new InjectedUsageFilter();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    for (int from = 0; from < stream.length; ) {
      int piece = Math.min(1 + random.nextInt(most), stream.length - from);
      drain(filter.pass(bytes.slice(from, piece)), out);
      from += piece;
    }
    drain(filter.rest(), out);
    return out.toByteArray();
  }

  private static void drain(ByteBuf passed, ByteArrayOutputStream out) {
    byte[] bytes = new byte[passed.readableBytes()];
    passed.readBytes(bytes);
    passed.release();
    out.writeBytes(bytes);
  }

  private static String filtered(String stream) {
    return new String(filtered(stream.getBytes(UTF_8), 7, new Random(1)), UTF_8);
  }

  @Test
  void removesOnlyTheUsageEventFromARecordedStream() {
    String stream = Recordings.named("chat turn 2 stream").responseText();
    int at = stream.lastIndexOf("data: {");
    String expected = stream.substring(0, at) + stream.substring(stream.indexOf("\n\n", at) + 2);
    assertThat(stream.substring(at)).contains("\"choices\":[]", "cached_tokens");
    for (int most = 1; most < 400; most++) {
      assertThat(filtered(stream.getBytes(UTF_8), most, new Random(most)))
          .isEqualTo(expected.getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data: [DONE]\n\n",
        ": keep-alive\n\n",
        "data: {\"choices\":[]}\n\n",
        "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":5}}\n\n",
        "data: {\"choices\":[],\"usage\":null}\n\n",
        "data: {\"error\":{\"message\":\"no\"}}\n\n",
        "event: x\ndata: {\"choices\":[],\"usage\":{}}\n\n",
        "data: {\"choices\":[],\"usage\":{\n\n",
        "data: {\"choices\":[],\"usage\":{}}",
        "no stream at all",
      })
  void forwardsEverythingElse(String stream) {
    assertThat(filtered(stream)).isEqualTo(stream);
    assertThat(filtered("data: {}\n\n" + stream)).isEqualTo("data: {}\n\n" + stream);
  }

  @Test
  void acceptsEveryLineEnding() {
    assertThat(filtered(USAGE.replace("\n", "\r\n") + "data: [DONE]\r\n\r\n"))
        .isEqualTo("data: [DONE]\r\n\r\n");
  }

  @Test
  void forwardsAnEventTooLargeForUsageAsItArrives() {
    InjectedUsageFilter filter = new InjectedUsageFilter();
    ByteBuf large = Unpooled.wrappedBuffer(("data: " + "x".repeat(40_000)).getBytes(UTF_8));
    ByteBuf passed = filter.pass(large);
    assertThat(passed.readableBytes()).isGreaterThan(32_000);
    passed.release();
    String stream = "data: \"" + "x".repeat(40_000) + "\"\n\n";
    assertThat(filtered(stream + USAGE + "data: [DONE]\n\n"))
        .isEqualTo(stream + "data: [DONE]\n\n");
  }

  @FuzzTest
  void theOutputDoesNotDependOnWhereTheStreamIsCut(byte[] stream) {
    assertThat(filtered(stream, 5, new Random(stream.length)))
        .isEqualTo(filtered(stream, Integer.MAX_VALUE - 1, new Random(0)));
  }
}
