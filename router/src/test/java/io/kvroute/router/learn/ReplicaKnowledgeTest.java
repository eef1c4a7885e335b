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
      knowledge.filled();
    }
  }

  private void hearAll() {
    knowledge.listening();
    knowledge.fared(EventTrust.COMPLETE, 5);
    knowledge.filled();
  }

  @Test
  void withoutEventsTheModelIsBelieved() {
    assertThat(knowledge.state()).isEqualTo(new KnowledgeState(Kind.OFF, Instant.ofEpochSecond(7)));
    assertThat(believed).isEmpty();
  }

  @Test
  void eventsAreBelievedOnceSomethingWasHeard() {
    knowledge.listening();
    assertThat(kind()).isEqualTo(Kind.WAITING);
    nowMillis = 9_000;
    knowledge.fared(EventTrust.PARTIAL, 1);
    assertThat(knowledge.state())
        .isEqualTo(new KnowledgeState(Kind.PARTIAL, Instant.ofEpochSecond(9)));
    nowMillis = 11_000;
    knowledge.fared(EventTrust.COMPLETE, 2);
    knowledge.fared(EventTrust.COMPLETE, 3);
    assertThat(knowledge.state())
        .isEqualTo(new KnowledgeState(Kind.COMPLETE, Instant.ofEpochSecond(11)));
    assertThat(believed).containsExactly(EventTrust.PARTIAL, EventTrust.COMPLETE);
  }

  @Test
  void silenceAloneProvesNothing() {
    hearAll();
    nowMillis += 3_600_000;
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
    fill(1);
    nowMillis += 3_600_000;
    fill(1);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void silenceWhileRequestsFillBlocksDoes() {
    hearAll();
    fill(3);
    assertThat(kind()).as("events may be on their way").isEqualTo(Kind.COMPLETE);
    nowMillis += 3_001;
    assertThat(kind()).isEqualTo(Kind.SILENT);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.NONE);
    knowledge.fared(EventTrust.COMPLETE, 6);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void anEventBetweenThemIsNoSilence() {
    hearAll();
    for (int i = 0; i < 10; i++) {
      fill(2);
      nowMillis += 4_000;
      knowledge.fared(EventTrust.COMPLETE, 6 + i);
      assertThat(kind()).isEqualTo(Kind.COMPLETE);
    }
  }

  @Test
  void eventsOfWhichNothingEverComesAreSilentOnceRequestsFillBlocks() {
    knowledge.listening();
    fill(3);
    nowMillis += 3_001;
    assertThat(kind()).isEqualTo(Kind.SILENT);
    assertThat(believed).isEmpty();
  }

  @Test
  void contradictedEventsAreNotBelievedUntilTheyProveRight() {
    hearAll();
    knowledge.disputed(true);
    assertThat(kind()).isEqualTo(Kind.DISPUTED);
    assertThat(knowledge.stream()).as("they are judged on").isEqualTo(EventTrust.COMPLETE);
    knowledge.disputed(false);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.NONE, EventTrust.COMPLETE);
  }

  @Test
  void afterARestartTheOldStreamIsNotBelievedEvenIfItSpeaks() {
    hearAll();
    knowledge.startingOver();
    knowledge.fared(EventTrust.COMPLETE, 6);
    assertThat(kind()).isEqualTo(Kind.WAITING);
    knowledge.startedOver();
    knowledge.fared(EventTrust.COMPLETE, 7);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void aRestartThatTheStreamNoticedIsBelievedAnewThoughNothingElseChanged() {
    hearAll();
    knowledge.restarted();
    knowledge.fared(EventTrust.COMPLETE, 6);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.COMPLETE);
  }

  @Test
  void eventsThatCannotBeHadAreSilent() {
    hearAll();
    knowledge.unheard();
    assertThat(kind()).isEqualTo(Kind.SILENT);
    knowledge.fared(EventTrust.COMPLETE, 5);
    assertThat(kind()).isEqualTo(Kind.COMPLETE);
  }

  @Test
  void anEndOfEventsIsAtOnceOneOfBelief() {
    hearAll();
    knowledge.ended();
    assertThat(kind()).isEqualTo(Kind.OFF);
    assertThat(believed).containsExactly(EventTrust.COMPLETE, EventTrust.NONE);
  }
}
