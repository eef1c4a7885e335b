package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.route.EventTrust;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventStreamTest {

  private final StreamFixture fixture = new StreamFixture();
  private int replaysRequested;
  private final EventStream withReplay =
      new EventStream(new EventView(fixture), fixture, fixture, () -> replaysRequested++);
  private final EventStream withoutReplay =
      new EventStream(new EventView(fixture), fixture, fixture, null);

  private static void publish(EventStream stream, int... numbers) {
    for (int number : numbers) {
      stream.live(number, StreamFixture.storing(number));
    }
  }

  private static void replay(EventStream stream, int... numbers) {
    for (int number : numbers) {
      stream.replayed(number, StreamFixture.storing(number));
    }
    stream.replayEnded();
  }

  @Test
  void aStreamReceivedFromItsStartIsComplete() {
    publish(withoutReplay, 0, 1, 2);
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
    assertThat(fixture.blocks()).isEqualTo(3);
  }

  @Test
  void aLateJoinWithoutReplayKnowsOnlyWhatFollows() {
    publish(withoutReplay, 7, 8);
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.PARTIAL);
    assertThat(fixture.holds(7)).isTrue();
    assertThat(fixture.gaps).hasValue(0);
  }

  @Test
  void aLateJoinWithReplayCatchesUp() {
    publish(withReplay, 2, 3);
    assertThat(replaysRequested).isEqualTo(1);
    assertThat(withReplay.nextNumber()).isZero();
    replay(withReplay, 0, 1, 2);
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
    assertThat(fixture.blocks()).isEqualTo(4);
  }

  @Test
  void aGapWithoutReplayEmptiesTheView() {
    publish(withoutReplay, 0, 1, 5);
    assertThat(fixture.holds(0)).isFalse();
    assertThat(fixture.holds(5)).isTrue();
    assertThat(withoutReplay.status().gaps()).isEqualTo(1);
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.PARTIAL);
  }

  @Test
  void aGapWithReplayLosesNothing() {
    publish(withReplay, 0, 3, 4);
    replay(withReplay, 1, 2, 3);
    assertThat(fixture.blocks()).isEqualTo(5);
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
    assertThat(fixture.gaps).hasValue(1);
  }

  @Test
  void batchesLostAfterAReplayRequestAreRequestedAgain() {
    withReplay.requestHistory();
    publish(withReplay, 3);
    replay(withReplay); // the engine had published nothing when the replay was requested
    assertThat(replaysRequested).isEqualTo(2);
    publish(withReplay, 4, 6);
    replay(withReplay, 0, 1, 2, 3, 4);
    assertThat(replaysRequested).isEqualTo(3);
    replay(withReplay, 5, 6);
    assertThat(fixture.blocks()).isEqualTo(7);
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
  }

  @Test
  void batchesMissingFromAReplayAreNotRequestedTwice() {
    publish(withReplay, 0, 9, 10);
    replay(withReplay);
    assertThat(replaysRequested).isEqualTo(1);
    assertThat(fixture.holds(0)).isFalse();
    assertThat(fixture.holds(10)).isTrue();
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.PARTIAL);
  }

  @Test
  void aReplayThatLacksTheOldestBatchesEmptiesTheView() {
    publish(withReplay, 0, 9);
    replay(withReplay, 5, 6, 7, 8, 9);
    assertThat(fixture.holds(0)).isFalse();
    assertThat(fixture.holds(5)).isTrue();
    assertThat(fixture.holds(9)).isTrue();
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.PARTIAL);
  }

  @Test
  void aReplayThatNeverAnswersEndsInAPartialView() {
    publish(withReplay, 0, 9, 10);
    withReplay.replayFailed();
    assertThat(fixture.holds(0)).isFalse();
    assertThat(fixture.holds(10)).isTrue();
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.PARTIAL);
  }

  @Test
  void aSmallerNumberIsARestart() {
    publish(withoutReplay, 0, 1, 2);
    publish(withoutReplay, 0);
    assertThat(fixture.restarts).hasValue(1);
    assertThat(fixture.holds(1)).isFalse();
    assertThat(fixture.holds(0)).isTrue();
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
  }

  @Test
  void aRestartWhileAReplayRunsIsNoticed() {
    publish(withReplay, 0, 5, 6);
    publish(withReplay, 0, 1);
    assertThat(fixture.restarts).hasValue(1);
    assertThat(fixture.blocks()).isEqualTo(2);
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
  }

  @Test
  void aGapAfterABrokenConnectionIsARestartAndAllIsRequestedAgain() {
    publish(withReplay, 0, 1, 2);
    withReplay.connectionBroke();
    publish(withReplay, 5);
    assertThat(withReplay.nextNumber()).isZero();
    replay(withReplay, 0, 3, 4);
    assertThat(fixture.holds(1)).as("a block of the old process").isFalse();
    assertThat(fixture.holds(5)).isTrue();
  }

  @Test
  void aBrokenConnectionThatLostNothingChangesNothing() {
    publish(withoutReplay, 0, 1);
    withoutReplay.connectionBroke();
    publish(withoutReplay, 2);
    assertThat(fixture.blocks()).isEqualTo(3);
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
  }

  @Test
  void liveBatchesThatAReplayBroughtEarlierAreNoRestart() {
    withReplay.requestHistory();
    replay(withReplay, 0, 1, 2, 3);
    publish(withReplay, 2, 3, 4);
    assertThat(fixture.restarts).hasValue(0);
    assertThat(fixture.gaps).hasValue(0);
    assertThat(fixture.blocks()).isEqualTo(5);
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
  }

  @Test
  void joiningAnEngineThatHasPublishedNothingLeavesTheStreamSilent() {
    withReplay.requestHistory();
    withReplay.replayEnded();
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.SILENT);
    assertThat(withReplay.trust()).as("it holds nothing").isEqualTo(EventTrust.COMPLETE);
    publish(withReplay, 0);
    assertThat(withReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
  }

  @Test
  void requestsAllBatchesAfterAReportedRestart() {
    publish(withReplay, 0, 1);
    withReplay.processRestarted(0);
    assertThat(replaysRequested).isEqualTo(1);
    replay(withReplay, 0, 1, 2);
    publish(withReplay, 3);
    assertThat(fixture.gaps).hasValue(0);
    assertThat(fixture.blocks()).isEqualTo(4);
  }

  @Test
  void aReportOfARestartThatTheStreamNoticedChangesNothing() {
    withoutReplay.live(0, at(100, 0));
    withoutReplay.live(1, at(100, 1));
    withoutReplay.live(0, at(205, 2));
    withoutReplay.processRestarted(200);
    assertThat(fixture.holds(2)).isTrue();
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
    withoutReplay.processRestarted(300);
    assertThat(fixture.blocks()).isZero();
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.SILENT);
  }

  private static KvEvent.Batch at(double seconds, int id) {
    return new KvEvent.Batch(seconds, StreamFixture.storing(id).events(), 0);
  }

  @Test
  void aReplayWithoutAnswerGivesNoTrust() {
    withReplay.requestHistory();
    withReplay.replayFailed();
    assertThat(withReplay.trust()).isEqualTo(EventTrust.NONE);
  }

  @Test
  void theFirstReplayIsTrustedOnlyWhenItHasEnded() {
    publish(withReplay, 2);
    assertThat(withReplay.trust()).isEqualTo(EventTrust.NONE);
    withReplay.replayed(0, StreamFixture.storing(0));
    assertThat(withReplay.trust()).isEqualTo(EventTrust.NONE);
    replay(withReplay, 1);
    assertThat(withReplay.trust()).isEqualTo(EventTrust.COMPLETE);
    publish(withReplay, 9);
    assertThat(withReplay.trust()).as("while a gap is being filled").isEqualTo(EventTrust.COMPLETE);
    withReplay.replayFailed();
    assertThat(withReplay.trust()).isEqualTo(EventTrust.PARTIAL);
  }

  @Test
  void aClearedCacheMakesAPartialViewComplete() {
    publish(withoutReplay, 4);
    withoutReplay.live(5, new KvEvent.Batch(0, List.of(new KvEvent.Cleared()), 0));
    assertThat(fixture.blocks()).isZero();
    assertThat(withoutReplay.status().state()).isEqualTo(EventStatus.State.COMPLETE);
  }
}
