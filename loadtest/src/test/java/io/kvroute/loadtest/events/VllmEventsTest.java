package io.kvroute.loadtest.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineKvEvent.AllBlocksCleared;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockRemoved;
import io.kvroute.loadtest.engine.EngineKvEvent.BlockStored;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Tests vLLM's wire format with messages captured from its own publisher. */
class VllmEventsTest {

  private static final String ARRAYS_STORED =
      "93cb41d954fc40200000919cab426c6f636b53746f72656491cfffffffffffffffffc0940001020304c0a3475055"
          + "c0c000c0c001";
  private static final String ARRAYS_REMOVED_CLEARED =
      "93cb41d954fc402000009294ac426c6f636b52656d6f76656491cfffffffffffffffffa34750550091b0416c6c42"
          + "6c6f636b73436c656172656401";
  private static final String MAPS_STORED =
      "93cb41d954fc4020000091de0009a474797065ab426c6f636b53746f726564ac626c6f636b5f6861736865739"
          + "1cfffffffffffffffffb1706172656e745f626c6f636b5f68617368c0a9746f6b656e5f6964739400010203"
          + "aa626c6f636b5f73697a6504a76c6f72615f6964c0a66d656469756da3475055a96c6f72615f6e616d65c0a9"
          + "67726f75705f6964780001";
  private static final String MAPS_REMOVED_CLEARED =
      "93cb41d954fc402000009284a474797065ac426c6f636b52656d6f766564ac626c6f636b5f686173686573"
          + "91cfffffffffffffffffa66d656469756da3475055a967726f75705f6964780081a474797065b0416c6c42"
          + "6c6f636b73436c6561726564";

  @Test
  void readsStoresInBothEncodings() throws IOException {
    for (String payload : List.of(ARRAYS_STORED, MAPS_STORED)) {
      KvEventBatch batch = read(payload);

      assertThat(batch.seconds()).isEqualTo(1_700_000_000.5);
      assertThat(batch.rank()).isEqualTo(1);
      assertThat(batch.events())
          .usingRecursiveFieldByFieldElementComparator()
          .containsExactly(new BlockStored(new long[] {-1}, null, new int[] {0, 1, 2, 3}, 4, null));
    }
  }

  @Test
  void readsRemovalsAndClearingsInBothEncodings() throws IOException {
    for (String payload : List.of(ARRAYS_REMOVED_CLEARED, MAPS_REMOVED_CLEARED + "01")) {
      assertThat(read(payload).events())
          .containsExactly(new BlockRemoved(-1), new AllBlocksCleared());
    }
  }

  @Test
  void writesTheBytesThatVllmPublished() throws IOException {
    int batches = 0;
    for (String payload : recordedPayloads()) {
      String written = HexFormat.of().formatHex(VllmEventWriter.write(read(payload)));

      assertThat(written).isEqualTo(payload);
      batches++;
    }
    assertThat(batches).isEqualTo(31);
  }

  @Test
  void writesClearingsAsMaps() throws IOException {
    KvEventBatch batch = new KvEventBatch(1.5, List.of(new AllBlocksCleared()), 0);

    List<EngineKvEvent> events = VllmEventReader.read(VllmEventWriter.write(batch)).events();

    assertThat(events).containsExactly(new AllBlocksCleared());
  }

  @Test
  void refusesWhatIsNoBatch() {
    for (String payload : List.of("", "c0", "90", "93c0c0c0", MAPS_STORED.substring(0, 60))) {
      assertThatThrownBy(() -> read(payload))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("not a batch of vLLM's KV events");
    }
  }

  private static KvEventBatch read(String hex) throws IOException {
    return VllmEventReader.read(HexFormat.of().parseHex(hex));
  }

  private static List<String> recordedPayloads() throws IOException {
    List<String> payloads = new ArrayList<>();
    InputStream raw =
        Objects.requireNonNull(
            VllmEventsTest.class.getResourceAsStream("/vllm-0.32/kv-events.jsonl.gz"));
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(raw), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        payloads.add(JsonMapper.shared().readTree(line).get("payload_hex").asString());
      }
    }
    return payloads;
  }
}
