package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes and wherever they are cut, the taps read the same as from one piece. */
class TapFuzzTest {

  private static final int STREAMS = 2_000;

  private static List<Object> seen(byte[] stream, Random cuts) {
    SseTap sse = new SseTap(CapturedPart.IDS);
    JsonResponseTap whole = new JsonResponseTap(CapturedPart.IDS);
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    int from = 0;
    while (from < stream.length) {
      int length = Math.min(1 + cuts.nextInt(700), stream.length - from);
      sse.accept(bytes.slice(from, length));
      whole.accept(bytes.slice(from, length));
      from += length;
    }
    sse.end();
    return List.of(
        sse.dataEvents(),
        sse.contentEvents(),
        sse.done(),
        sse.failed(),
        sse.usage(),
        Arrays.toString(sse.ids()),
        whole.usage(),
        Arrays.toString(whole.ids()));
  }

  private static void sameHoweverCut(byte[] stream, Random random) {
    Random uncut =
        new Random(0) {
          private static final long serialVersionUID = 1L;

          @Override
          public int nextInt(int bound) {
            return 0x7fff_fff0;
          }
        };
    assertThat(seen(stream, random)).isEqualTo(seen(stream, uncut));
  }

  @Test
  void mutatedRecordingsAreReadTheSameHoweverTheyAreCut() {
    long seed = 20260122;
    Random random = new Random(seed);
    byte[] alphabet = "\"{}[]:,\n\r \\du0".getBytes(UTF_8);
    List<String> names = List.of("chat turn 2 stream", "chat cold", "completions ids stream");
    List<byte[]> recorded = names.stream().map(name -> Recordings.named(name).response()).toList();
    for (int i = 0; i < STREAMS; i++) {
      byte[] stream = recorded.get(i % recorded.size()).clone();
      for (int mutation = random.nextInt(20); mutation > 0; mutation--) {
        stream[random.nextInt(stream.length)] = alphabet[random.nextInt(alphabet.length)];
      }
      sameHoweverCut(stream, random);
    }
  }

  @FuzzTest(maxDuration = "20s")
  void anyBytesAreReadTheSameHoweverTheyAreCut(byte[] stream) {
    sameHoweverCut(stream, new Random(stream.length));
  }
}
