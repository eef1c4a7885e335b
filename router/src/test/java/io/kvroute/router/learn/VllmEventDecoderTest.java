package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The captures in hex were taken from vLLM's own publisher, 0.22.1 and 0.33.0. */
final class VllmEventDecoderTest {

  private static final String STORED_ARRAY =
      "93cb41d954fc40200000919cab426c6f636b53746f726564"
          + "91cfffffffffffffffffc0940001020304c0a3475055c0c000c0c001";
  private static final String REMOVED_ARRAY =
      "93cb41d954fc402000009294ac426c6f636b52656d6f76656491cfffffffffffffffff"
          + "a34750550091b0416c6c426c6f636b73436c656172656401";
  private static final String STORED_MAP =
      "93cb41d954fc4020000091de0009a474797065ab426c6f636b53746f726564ac626c6f636b5f6861736865"
          + "7391cfffffffffffffffffb1706172656e745f626c6f636b5f68617368c0a9746f6b656e5f69647394"
          + "00010203aa626c6f636b5f73697a6504a76c6f72615f6964c0a66d656469756da3475055a96c6f7261"
          + "5f6e616d65c0a967726f75705f6964780001";
  private static final String REMOVED_MAP =
      "93cb41d954fc402000009284a474797065ac426c6f636b52656d6f766564ac626c6f636b5f68617368657391"
          + "cfffffffffffffffffa66d656469756da3475055a967726f75705f6964780081a474797065b0416c6c"
          + "426c6f636b73436c656172656401";

  private static KvEvent.Batch decode(String hex) throws MalformedEventException {
    return VllmEventDecoder.decode(HexFormat.of().parseHex(hex));
  }

  @Test
  void readsStoredBlocksInBothForms() throws MalformedEventException {
    for (String hex : new String[] {STORED_ARRAY, STORED_MAP}) {
      KvEvent.Batch batch = decode(hex);
      assertThat(batch.timestampSeconds()).isEqualTo(1_700_000_000.5);
      assertThat(batch.rank()).isEqualTo(1);
      KvEvent.Stored event = (KvEvent.Stored) batch.events().getFirst();
      assertThat(event.stored().hashes().get(0)).isEqualTo(-1L);
      assertThat(event.stored().parent()).isNull();
      assertThat(event.stored().tokens().raw()).containsExactly(0, 1, 2, 3);
      assertThat(event.stored().blockSize()).isEqualTo(4);
      assertThat(event.tier()).isEqualTo(Tier.GPU);
      assertThat(event.stored().hasAllTokens()).isTrue();
      assertThat(event.countsForPrefixes()).isTrue();
    }
  }

  @Test
  void readsRemovedAndClearedInBothForms() throws MalformedEventException {
    for (String hex : new String[] {REMOVED_ARRAY, REMOVED_MAP}) {
      KvEvent.Batch batch = decode(hex);
      KvEvent.Removed removed = (KvEvent.Removed) batch.events().getFirst();
      assertThat(removed.hashes().get(0)).isEqualTo(-1L);
      assertThat(batch.events().getLast()).isInstanceOf(KvEvent.Cleared.class);
    }
  }

  @Test
  void readsEveryRecordedBatch() {
    int stored = 0;
    int removed = 0;
    for (Recordings.Published message : Recordings.published("sequence-kv-events")) {
      for (KvEvent event : message.batch().events()) {
        switch (event) {
          case KvEvent.Stored s -> stored += s.stored().hashes().size();
          case KvEvent.Removed r -> removed += r.hashes().size();
          case KvEvent.Moved m -> throw new AssertionError("nothing was moved");
          case KvEvent.Cleared c -> throw new AssertionError("nothing was cleared");
        }
      }
    }
    assertThat(stored).isEqualTo(1_170);
    assertThat(removed).isEqualTo(916);
  }

  @Test
  void readsACacheSaltAsPartOfItsChain() {
    assertThat(
            Recordings.published("kv-events").stream()
                .flatMap(message -> message.batch().events().stream())
                .filter(KvEvent.Stored.class::isInstance)
                .map(event -> ((KvEvent.Stored) event).stored().cacheSalt()))
        .contains("tenant-a");
  }

  @Test
  void rejectsEveryTruncationAndLengthsBeyondThePayload() throws MalformedEventException {
    byte[] whole = HexFormat.of().parseHex(STORED_MAP);
    for (int length = 0; length < whole.length - 1; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> VllmEventDecoder.decode(cut))
          .isInstanceOf(MalformedEventException.class);
    }
    assertThatThrownBy(() -> decode("93cb41d954fc40200000dd7fffffff"))
        .isInstanceOf(MalformedEventException.class)
        .hasMessageContaining("length 2147483647");
  }

  @Test
  void damagedBatchesAreRejectedOrReadWithoutOtherErrors() {
    SplittableRandom random = new SplittableRandom(11);
    for (Recordings.Published message : Recordings.published("kv-events")) {
      for (int i = 0; i < 200; i++) {
        byte[] damaged = message.payload().clone();
        for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
          damaged[random.nextInt(Math.min(damaged.length, 400))] = (byte) random.nextInt(256);
        }
        decodesOrRejects(damaged);
      }
    }
  }

  @FuzzTest
  void anyBytesAreABatchOrRejected(byte[] bytes) {
    decodesOrRejects(bytes);
  }

  private static void decodesOrRejects(byte[] bytes) {
    try {
      assertThat(VllmEventDecoder.decode(bytes).events()).isNotNull();
    } catch (MalformedEventException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
