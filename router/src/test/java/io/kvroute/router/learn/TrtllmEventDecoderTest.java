package io.kvroute.router.learn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The shapes are those of TensorRT-LLM's KVCacheEventSerializer (tensorrt_llm/_utils.py). */
final class TrtllmEventDecoderTest {

  private static final String EVENTS =
      """
      [{"event_id":0,"data":{"type":"created","num_blocks_per_cache_level":[101256,0]},
        "window_size":4096,"attention_dp_rank":1},
       {"event_id":1,"data":{"type":"stored","parent_hash":null,"blocks":[
         {"type":"stored_block","block_hash":18446744073709551615,
          "tokens":[{"type":"unique_token","token_id":7,"token_extra_id":0},
                    {"type":"unique_token","token_id":8,"token_extra_id":0}],
          "cache_level":0,"priority":35,"mm_keys":[],"cache_salt":"tenant-a"},
         {"type":"stored_block","block_hash":124,
          "tokens":[{"type":"unique_token","token_id":9,"token_extra_id":0}],
          "cache_level":0,"priority":35}]},"window_size":4096},
       {"event_id":2,"data":{"type":"removed","block_hashes":[18446744073709551615,124]},
        "window_size":4096},
       {"event_id":3,"data":{"type":"updated","block_hash":123,
         "cache_level":{"type":"event_diff","new_value":1,"old_value":0},
         "priority":{"type":"event_diff","new_value":5,"old_value":35}}},
       {"event_id":4,"data":{"type":"something new","fields":[{"a":[1]}]},"hash_algo":"v1"}]
      """;

  private static List<PolledEvent> decode(String json) throws MalformedEventException {
    return new TrtllmEventDecoder(32).decode(json.getBytes(UTF_8));
  }

  private static KvEvent.Stored stored(PolledEvent polled) {
    return (KvEvent.Stored) Objects.requireNonNull(polled.event());
  }

  /** A chain of blocks of so many tokens each. */
  private static String chain(String hash, int... tokens) {
    String blocks =
        Arrays.stream(tokens)
            .mapToObj(
                count ->
                    "{\"block_hash\":%s,\"tokens\":[%s],\"cache_level\":0}"
                        .formatted(
                            hash,
                            IntStream.range(0, count)
                                .mapToObj("{\"token_id\":%d}"::formatted)
                                .collect(Collectors.joining(","))))
            .collect(Collectors.joining(","));
    return "[{\"event_id\":0,\"data\":{\"type\":\"stored\",\"parent_hash\":5,\"blocks\":[%s]}}]"
        .formatted(blocks);
  }

  @Test
  void readsEveryKindOfEvent() throws MalformedEventException {
    List<PolledEvent> events = decode(EVENTS);

    assertThat(events).extracting(PolledEvent::number).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(events).extracting(PolledEvent::rank).containsExactly(1, 0, 0, 0, 0);
    assertThat(events.get(0)).isEqualTo(new PolledEvent(0, 1, 4096, null));
    StoredBlocks blocks = stored(events.get(1)).stored();
    assertThat(blocks.hashes().size()).as("the second block is not full").isEqualTo(1);
    assertThat(blocks.hashes().get(0)).isEqualTo(-1);
    assertThat(blocks.parent()).isNull();
    assertThat(blocks.tokens().raw()).containsExactly(7, 8);
    assertThat(blocks.blockSize()).as("of a chain's first block").isEqualTo(2);
    assertThat(blocks.cacheSalt()).isEqualTo("tenant-a");
    assertThat(blocks.hasAllTokens()).isTrue();
    KvEvent.Removed removed = (KvEvent.Removed) Objects.requireNonNull(events.get(2).event());
    assertThat(removed.hashes().get(1)).isEqualTo(124);
    assertThat(removed.tier()).as("in every tier").isNull();
    assertThat(events.get(3).event()).isEqualTo(new KvEvent.Moved(123, Tier.HOST, 0));
    assertThat(events.get(4).event()).isNull();
  }

  @Test
  void anIdleEngineReturnsNoEvents() throws MalformedEventException {
    assertThat(decode("[]")).isEmpty();
  }

  @Test
  void partialBlocksAreIgnored() throws MalformedEventException {
    assertThat(stored(decode(chain("1", 32, 32, 7)).getFirst()).stored().hashes().size())
        .isEqualTo(2);
    assertThat(decode(chain("1", 7)).getFirst().event()).isNull();
  }

  @Test
  void aChainShowsTheBlockSizeOfLaterBlocks() throws MalformedEventException {
    TrtllmEventDecoder decoder = new TrtllmEventDecoder(32);
    assertThat(decoder.decode(chain("1", 16).getBytes(UTF_8)).getFirst().event()).isNull();
    assertThat(decoder.decode(chain("1", 16, 16).getBytes(UTF_8)).getFirst().event()).isNotNull();
    assertThat(decoder.decode(chain("1", 16).getBytes(UTF_8)).getFirst().event()).isNotNull();
  }

  @Test
  void digestsAreEngineHashesToo() throws MalformedEventException {
    String digest = "\"" + "0".repeat(40) + "f".repeat(24) + "\"";
    assertThat(stored(decode(chain(digest, 32)).getFirst()).stored().hashes().get(0)).isEqualTo(-1);
    assertThatThrownBy(() -> decode(chain("\"no digest\"", 32)))
        .isInstanceOf(MalformedEventException.class)
        .hasMessageContaining("hexadecimal");
  }

  @Test
  void blocksOfMediaDifferFromBlocksOfText() throws MalformedEventException {
    String text = chain("1", 32);
    assertThat(stored(decode(text).getFirst()).stored().holdsMedia()).isFalse();
    String withKey =
        text.replace("\"cache_level\"", "\"mm_keys\":[{\"hash\":\"a\"}],\"cache_level\"");
    assertThat(stored(decode(withKey).getFirst()).stored().holdsMedia()).isTrue();
    String withId = text.replace("{\"token_id\":3}", "{\"token_id\":3,\"token_extra_id\":9}");
    assertThat(stored(decode(withId).getFirst()).stored().holdsMedia()).isTrue();
  }

  @Test
  void rejectsEveryTruncationAndOtherJson() {
    String whole = EVENTS.strip();
    for (int length = 0; length < whole.length(); length++) {
      String cut = whole.substring(0, length);
      assertThatThrownBy(() -> decode(cut)).isInstanceOf(MalformedEventException.class);
    }
    for (String none : new String[] {"{}", "[1]", "[{}]", "[{\"event_id\":1,\"data\":[]}]"}) {
      assertThatThrownBy(() -> decode(none)).isInstanceOf(MalformedEventException.class);
    }
  }

  @Test
  void damagedEventsAreRejectedOrReadWithoutOtherErrors() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = EVENTS.getBytes(UTF_8);
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      decodesOrRejects(damaged);
    }
  }

  @FuzzTest
  void anyBytesAreEventsOrRejected(byte[] bytes) {
    decodesOrRejects(bytes);
  }

  private static void decodesOrRejects(byte[] bytes) {
    try {
      assertThat(new TrtllmEventDecoder(32).decode(bytes)).isNotNull();
    } catch (MalformedEventException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
