package io.kvroute.router.learn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.learn.EventStatus.State;
import java.util.Collections;
import org.junit.jupiter.api.Test;

final class PolledReplicaTest {

  private static final int WIDE = 4096;

  private final StreamFixture fixture = new StreamFixture();
  private final PolledReplica replica =
      new PolledReplica(StreamFixture.BLOCK_SIZE, fixture, fixture);

  private void poll(String... events) {
    replica.polled(("[" + String.join(",", events) + "]").getBytes(UTF_8));
  }

  private static String event(int number, int rank, int window, String data) {
    return "{\"event_id\":%d,\"attention_dp_rank\":%d,\"window_size\":%d,\"data\":%s}"
        .formatted(number, rank, window, data);
  }

  private static String created(int number, int window) {
    return event(number, 0, window, "{\"type\":\"created\",\"num_blocks_per_cache_level\":[9,0]}");
  }

  /** The block whose ids are all {@code id} and whose engine hash is {@code id}. */
  private static String stored(int id) {
    String token = "{\"token_id\":%d,\"token_extra_id\":0}".formatted(id);
    return "{\"type\":\"stored\",\"parent_hash\":null,\"blocks\":[{\"block_hash\":%d,\"tokens\":[%s]}]}"
        .formatted(id, String.join(",", Collections.nCopies(StreamFixture.BLOCK_SIZE, token)));
  }

  private static String removed(int id) {
    return "{\"type\":\"removed\",\"block_hashes\":[%d]}".formatted(id);
  }

  @Test
  void pollingFromTheStartGivesACompleteView() {
    poll(created(0, WIDE), event(1, 0, WIDE, stored(7)));
    poll();
    poll(event(2, 0, WIDE, stored(8)), event(3, 0, WIDE, removed(7)));
    assertThat(fixture.holds(7)).isFalse();
    assertThat(fixture.holds(8)).isTrue();
    assertThat(replica.status()).isEqualTo(new EventStatus(State.COMPLETE, 3, 0));
  }

  @Test
  void pollingLateGivesAPartialView() {
    poll(event(5, 0, WIDE, stored(7)));
    assertThat(fixture.holds(7)).isTrue();
    assertThat(replica.status()).isEqualTo(new EventStatus(State.PARTIAL, 5, 0));
  }

  @Test
  void eventsThatAnotherPollerTookEmptyTheView() {
    poll(created(0, WIDE), event(1, 0, WIDE, stored(7)));
    poll(event(4, 0, WIDE, stored(8)));
    assertThat(fixture.holds(7)).isFalse();
    assertThat(fixture.holds(8)).isTrue();
    assertThat(replica.status()).isEqualTo(new EventStatus(State.PARTIAL, 4, 1));
  }

  @Test
  void aLostAnswerEmptiesTheView() {
    poll(created(0, WIDE), event(1, 0, WIDE, stored(7)));
    replica.lost();
    assertThat(fixture.blocks()).isZero();
    assertThat(replica.status().state()).isEqualTo(State.PARTIAL);
    poll(event(2, 0, WIDE, stored(8)));
    assertThat(fixture.holds(8)).isTrue();
  }

  @Test
  void anUnreadableAnswerEmptiesTheView() {
    poll(created(0, WIDE), event(1, 0, WIDE, stored(7)));
    poll("nonsense");
    assertThat(fixture.malformed).hasValue(1);
    assertThat(fixture.blocks()).isZero();
  }

  @Test
  void aSmallerNumberIsARestart() {
    poll(created(0, WIDE), event(1, 0, WIDE, stored(7)));
    poll(created(0, WIDE), event(1, 0, WIDE, stored(8)));
    assertThat(fixture.restarts).hasValue(1);
    assertThat(fixture.holds(7)).isFalse();
    assertThat(fixture.holds(8)).isTrue();
    assertThat(replica.status().state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void onlyTheWidestWindowCountsAlthoughAllShareTheirNumbers() {
    poll(created(0, 512), created(1, WIDE), event(2, 0, 512, stored(7)));
    poll(event(3, 0, WIDE, stored(8)), event(4, 0, 512, removed(8)));
    assertThat(fixture.holds(7)).isFalse();
    assertThat(fixture.holds(8)).isTrue();
    assertThat(replica.status().gaps()).isZero();
  }

  @Test
  void ranksHaveNumbersOfTheirOwnAndShareTheView() {
    poll(event(0, 0, WIDE, stored(7)), event(0, 1, WIDE, stored(7)), event(1, 1, WIDE, stored(8)));
    poll(event(1, 0, WIDE, removed(7)));
    assertThat(fixture.holds(7)).as("rank 1 has it").isTrue();
    poll(event(5, 1, WIDE, removed(8)));
    assertThat(fixture.blocks()).as("the blocks of rank 1 were removed").isZero();
    assertThat(replica.status().gaps()).isEqualTo(1);
  }

  @Test
  void aBlockReportedTwiceIsOneBlock() {
    poll(event(0, 0, WIDE, stored(7)), event(1, 0, WIDE, stored(7)), event(2, 0, WIDE, removed(7)));
    assertThat(fixture.blocks()).isZero();
  }
}
