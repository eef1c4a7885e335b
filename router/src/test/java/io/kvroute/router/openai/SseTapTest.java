package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SseTapTest {

  private record Seen(
      int dataEvents,
      int contentEvents,
      boolean done,
      boolean failed,
      Usage usage,
      List<Integer> ids) {}

  private static Seen tap(byte[] stream, int... cuts) {
    SseTap tap = new SseTap(CapturedPart.IDS);
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    int from = 0;
    for (int cut : cuts) {
      tap.accept(bytes.slice(from, cut - from));
      from = cut;
    }
    tap.accept(bytes.slice(from, stream.length - from));
    tap.end();
    List<Integer> ids = Arrays.stream(tap.ids()).boxed().toList();
    return new Seen(
        tap.dataEvents(), tap.contentEvents(), tap.done(), tap.failed(), tap.usage(), ids);
  }

  private static Seen tap(String stream) {
    byte[] bytes = stream.getBytes(UTF_8);
    Seen whole = tap(bytes);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(tap(bytes, cut)).as("cut at %s", cut).isEqualTo(whole);
    }
    return whole;
  }

  private static String recorded(String name) {
    return new String(Recordings.named(name).response(), UTF_8);
  }

  @Test
  void readsARecordedStreamWithUsageCutAnywhere() {
    assertThat(tap(recorded("chat turn 2 stream")))
        .isEqualTo(new Seen(14, 13, true, false, new Usage(361, 12, 320), List.of()));
  }

  @Test
  void capturesTheTextOfAStreamCutAnywhere() {
    byte[] stream =
        """
        data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

        data: {"choices":[{"delta":{"content":"say \\"a\\\\b\\""},"logprobs":{"content":[]}}]}

        data: {"choices":[{"delta":{"content":"\\n\\u00e4\\ud83d\\ude80 ä"}}]}

        data: {"choices":[{"delta":{"content":null},"finish_reason":"stop"}]}

        data: [DONE]

        """
            .getBytes(UTF_8);
    ByteBuf bytes = Unpooled.wrappedBuffer(stream);
    for (int cut = 0; cut <= stream.length; cut++) {
      SseTap tap = new SseTap(CapturedPart.CHAT_TEXT);
      tap.accept(bytes.slice(0, cut));
      tap.accept(bytes.slice(cut, stream.length - cut));
      assertThat(tap.text()).as("cut at %s", cut).isEqualTo("say \"a\\b\"\nä🚀 ä");
    }
  }

  @Test
  void readsARecordedStreamWithoutUsageCutAnywhere() {
    assertThat(tap(recorded("chat no usage stream")))
        .isEqualTo(new Seen(6, 6, true, false, Usage.UNKNOWN, List.of()));
    assertThat(tap(recorded("completions ids stream")))
        .isEqualTo(new Seen(5, 5, true, false, Usage.UNKNOWN, List.of()));
  }

  @Test
  void readsARecordedStreamByteByByte() {
    byte[] stream = Recordings.named("chat turn 2 stream").response();
    int[] everywhere = IntStream.range(1, stream.length).toArray();

    assertThat(tap(stream, everywhere)).isEqualTo(tap(stream));
  }

  @Test
  void readsFromBuffersOutsideTheHeapAndLeavesTheirIndices() {
    byte[] stream = Recordings.named("chat turn 2 stream").response();
    ByteBuf direct = Unpooled.directBuffer().writeLong(0).writeBytes(stream).writeLong(0);
    try {
      direct.setIndex(Long.BYTES, Long.BYTES + stream.length);
      SseTap tap = new SseTap(CapturedPart.NOTHING);
      tap.accept(direct);

      assertThat(tap.usage()).isEqualTo(new Usage(361, 12, 320));
      assertThat(direct.readerIndex()).isEqualTo(Long.BYTES);
      assertThat(direct.refCnt()).isOne();
    } finally {
      direct.release();
    }
  }

  @Test
  void joinsTheIdsOfAllChunksButNotThePrompts() {
    Seen seen =
        tap(
            """
            data: {"choices":[{"delta":{"content":""}}],"prompt_token_ids":[1,2,3]}

            data: {"choices":[{"delta":{"content":"a"},"token_ids":[84402, 34531]}]}

            data: {"choices":[{"delta":{"content":"b"},"token_ids":null}]}

            data: {"choices":[{"delta":{"content":"c"},"token_ids":[0]}]}

            data: [DONE]

            """);

    assertThat(seen.ids()).containsExactly(84402, 34531, 0);
    assertThat(seen.contentEvents()).isEqualTo(4);
  }

  @Test
  void distinguishesAnErrorInsideTheStreamFromItsEnd() {
    Seen seen =
        tap(
            """
            data: {"choices":[{"delta":{"content":"a"}}]}

            data: {"error":{"message":"EngineCore died","type":"InternalServerError","code":500}}

            data: [DONE]

            """);

    assertThat(seen.failed()).isTrue();
    assertThat(seen.done()).isTrue();
    assertThat(seen.dataEvents()).isOne();
  }

  @Test
  void isNotDoneWhenTheStreamIsTruncated() {
    String stream = recorded("chat turn 2 stream");

    assertThat(tap(stream.substring(0, stream.indexOf("data: [DONE]"))).done()).isFalse();
  }

  @Test
  void doesNotCountCommentsAsEvents() {
    Seen seen = tap(": keep-alive\n\n: keep-alive\n\n");

    assertThat(seen.dataEvents()).isZero();
  }

  @Test
  void ignoresTextThatLooksLikeFields() {
    Seen seen =
        tap(
            "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\":{\\\"prompt_tokens\\\":9}"
                + " \\\"choices\\\":[] {\\\"error\\\":1} data: [DONE]\"}}]}\r\n\r\n"
                + "data: {\"choices\":[],\"usage\": {\"prompt_tokens\":3,\"x\":\"}{\\\"\"}}\r\n\r\n"
                + "data: [DONE]\r\n\r\n");

    assertThat(seen).isEqualTo(new Seen(2, 1, true, false, new Usage(3, -1, -1), List.of()));
  }

  @Test
  void keepsTheLastOfContinuousUsageStats() {
    Seen seen =
        tap(
            """
            data: {"choices":[{}],"usage":{"prompt_tokens":5,"completion_tokens":1}}

            data: {"choices":[{}],"usage":{"prompt_tokens":5,"completion_tokens":2}}

            data: {"choices":[{}],"usage":null}
            """);

    assertThat(seen.usage()).isEqualTo(new Usage(5, 2, -1));
    assertThat(seen.contentEvents()).isEqualTo(3);
  }

  @Test
  void readsTheEventsOfMessages() {
    Seen seen =
        tap(
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":25,"cache_read_input_tokens":16,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}

            """);

    assertThat(seen).isEqualTo(new Seen(5, 1, true, false, new Usage(25, 15, 16), List.of()));
  }

  @Test
  void readsTheEventsOfResponses() {
    Seen seen =
        tap(
            """
            event: response.created
            data: {"type":"response.created","response":{"error":null,"usage":null}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"Hi"}

            event: response.completed
            data: {"type":"response.completed","response":{"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":4},"output_tokens":2,"total_tokens":11}}}

            """);

    assertThat(seen).isEqualTo(new Seen(3, 1, true, false, new Usage(9, 2, 4), List.of()));
  }

  @Test
  void seesTheErrorEventOfMessages() {
    assertThat(tap("event: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n").failed()).isTrue();
  }

  @Test
  void ignoresUsageAboveTheSizeLimit() {
    String absurd = "data: {\"usage\":{\"a\":\"" + "x".repeat(1 << 20) + "\"}}\n\ndata: [DONE]\n";
    SseTap tap = new SseTap(CapturedPart.NOTHING);
    tap.accept(Unpooled.wrappedBuffer(absurd.getBytes(UTF_8)));
    tap.end();

    assertThat(tap.usage()).isEqualTo(Usage.UNKNOWN);
    assertThat(tap.done()).isTrue();
  }
}
