package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.learn.KnowledgeState.Kind;
import io.kvroute.router.route.EventTrust;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReplicaKnowledgeTest {

  private final List<EventTrust> believed = new ArrayList<>();
  private long nowMillis = 7_000;
  private final ReplicaKnowledge knowledge =
      new ReplicaKnowledge(
          "r1", believed::add, () -> TimeUnit.MILLISECONDS.toNanos(nowMillis), () -> nowMillis);

  private Kind kind() {
    return knowledge.state().kind();
  }

  private void fill(int requests) {
    for (int i = 0; i < requests; i++) {
      knowledge.blocksFilled();
    }
  }

  private void receiveAll() {
    knowledge.subscribed();
    knowledge.streamChanged(EventTrust.COMPLETE, 5);
    knowledge.blocksFilled();
  }

  @Test
  void theShadowIsBelievedWithoutEvents() {
    assertThat(knowledge.state()).isEqualTo(new KnowledgeState(Kind.OFF, Instant.ofEpochSecond(7)));
    assertThat(believed).isEmpty();
  }

  @Test
  void eventsAreBelievedFromTheFirstBatchOn() {
    knowledge.subscribed();
    assertThat(kind()).isEqualTo(Kind.WAITING);
    nowMillis = 9_000;
    knowledge.streamChanged(EventTrust.PARTIAL, 1);
    assertThat(knowledge.state())
        .isEqualTo(new KnowledgeState(Kind.PARTIAL, Instant.ofEpochSecond(9)));
    nowMillis = 11_000;
    knowledge.streamChanged(EventTrust.COMPLETE, 2);
    knowledge.streamChanged(EventTrust.COMPLETE, 3);
    assertThat(knowledge.state())
        .isEqualTo(new KnowledgeState(Kind.COMPLETE, Instant.ofEpochSecond(11)));
    assertThat(believed).containsExactly(EventTrust.PARTIAL, EventTrust.COMPLETE);
  }

  @Test
  void silenceAloneChangesNothing() {
    receiveAll();
    nowMillis += 3_600_000;
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
    fill(1);
    nowMillis += 3_600_000;
    fill(1);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void silenceWhileRequestsFillBlocksEndsTheTrust() {
    receiveAll();
    fill(3);
    assertThat(kind()).as("events may still arrive").isEqualTo(Kind.COMPLETE);
    nowMillis += 3_001;
    assertThat(kind()).isEqualTo(Kind.SILENT);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.NONE);
    knowledge.streamChanged(EventTrust.COMPLETE, 6);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void anEventBetweenRequestsEndsTheSilence() {
    receiveAll();
    for (int i = 0; i < 10; i++) {
      fill(2);
      nowMillis += 4_000;
      knowledge.streamChanged(EventTrust.COMPLETE, 6 + i);
      assertThat(kind()).isEqualTo(Kind.COMPLETE);
    }
  }

  @Test
  void eventsThatNeverArriveAreSilentOnceRequestsFillBlocks() {
    knowledge.subscribed();
    fill(3);
    nowMillis += 3_001;
    assertThat(kind()).isEqualTo(Kind.SILENT);
    assertThat(believed).isEmpty();
  }

  @Test
  void disputedEventsAreNotBelievedUntilTheyAgreeAgain() {
    receiveAll();
    knowledge.disputed(true);
    assertThat(kind()).isEqualTo(Kind.DISPUTED);
    assertThat(knowledge.stream()).as("they are still compared").isEqualTo(EventTrust.COMPLETE);
    knowledge.disputed(false);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.NONE, EventTrust.COMPLETE);
  }

  @Test
  void eventsOfTheOldProcessAreNotBelievedAfterARestart() {
    receiveAll();
    knowledge.awaitNewProcess();
    knowledge.streamChanged(EventTrust.COMPLETE, 6);
    assertThat(kind()).isEqualTo(Kind.WAITING);
    knowledge.newProcessReached();
    knowledge.streamChanged(EventTrust.COMPLETE, 7);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void trustIsAnnouncedAgainAfterARestartThatTheStreamNoticed() {
    receiveAll();
    knowledge.restarted();
    knowledge.streamChanged(EventTrust.COMPLETE, 6);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.COMPLETE);
  }

  @Test
  void unreachableEventsAreSilent() {
    receiveAll();
    knowledge.unreachable();
    assertThat(kind()).isEqualTo(Kind.SILENT);
    knowledge.streamChanged(EventTrust.COMPLETE, 5);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void unsubscribingEndsTheTrustAtOnce() {
    receiveAll();
    knowledge.unsubscribed();
    assertThat(kind()).isEqualTo(Kind.OFF);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.NONE);
  }
}
