package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.index.Presence;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Replicas whose engines tell what they hold. */
final class EventCacheTest {

  private final TestFleet fleet = new TestFleet(2, "kv-aware", 1);
  private final Replica teller = fleet.replicas.getFirst();
  private final PromptKeys prompt = TestFleet.prompt(7, 1600);

  private IndexWriter holder() {
    return holder(teller, 16);
  }

  /** Where a replica's events are entered; they are believed from now on. */
  private IndexWriter holder(Replica replica, int blockSize) {
    IndexWriter holder = Objects.requireNonNull(fleet.router.toldBy(replica.id(), blockSize));
    fleet.router.believe(replica.id(), EventTrust.COMPLETE);
    return holder;
  }

  private int matchedOf(Replica replica, PromptKeys asked) {
    return fleet.router.explain(TestFleet.query(asked)).replicas().stream()
        .filter(each -> each.id().equals(replica.id()))
        .findFirst()
        .orElseThrow()
        .matchedTokens();
  }

  @Test
  void itsWordTakesThePlaceOfTheShadow() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);

    IndexWriter holder = holder();
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("events");
    assertThat(matchedOf(teller, prompt)).isZero();

    BlockKeys keys = prompt.blocks(16);
    holder.store(keys, 0, 50, Presence.GPU);
    assertThat(matchedOf(teller, prompt)).isEqualTo(800);
    holder.remove(keys.key(10), Presence.GPU);
    assertThat(matchedOf(teller, prompt)).isEqualTo(160);
  }

  @Test
  void aPredictionIsSeenAtOnceAndTakenBackWhenItsRequestEndsUnconfirmed() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    Ticket first = fleet.send(prompt);
    Ticket sibling = fleet.send(prompt);
    assertThat(sibling.matchedTokens()).isEqualTo(1584);

    first.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).as("the sibling still promises it").isEqualTo(1584);

    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    sibling.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).isEqualTo(320);
  }

  @Test
  void afterItsEndOnlyTheShadowIsBelieved() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    fleet.router.untold(teller.id());
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(teller, prompt)).isZero();
    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    assertThat(matchedOf(teller, prompt)).as("a late event").isZero();
    fleet.serve(prompt, 100);
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
  }

  @Test
  void theShadowHasLearnedMeanwhileAndTakesOverAtOnce() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    fleet.serve(prompt, 100);
    assertThat(matchedOf(teller, prompt)).isEqualTo(320);
    fleet.router.believe(teller.id(), EventTrust.NONE);
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    fleet.router.believe(teller.id(), EventTrust.COMPLETE);
    assertThat(matchedOf(teller, prompt)).isEqualTo(320);
  }

  @Test
  void aRequestUnderWayIsExpectedOnBothSidesOfTheChange() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Ticket early = fleet.send(prompt);
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    IndexWriter holder = holder();
    holder.store(prompt.blocks(16), 0, 6, Presence.GPU);
    assertThat(matchedOf(teller, prompt)).as("its first blocks are told").isEqualTo(1584);
    early.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).as("what did not come true").isEqualTo(96);
  }

  @Test
  void whatWasToldIsForgottenWithoutWhatRequestsUnderWayWillAdd() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    PromptKeys other = TestFleet.prompt(8, 1600);
    holder.store(other.blocks(16), 0, 100, Presence.GPU);
    Ticket ticket = fleet.send(prompt);
    fleet.router.forgetTold(teller.id());
    assertThat(matchedOf(teller, other)).isZero();
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    ticket.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).isZero();
  }

  @Test
  void whereNotAllIsToldTheShadowKnowsTheRest() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    IndexWriter holder = holder();
    PromptKeys other = TestFleet.prompt(8, 1600);
    holder.store(other.blocks(16), 0, 50, Presence.GPU);
    assertThat(matchedOf(teller, prompt)).isZero();
    fleet.router.believe(teller.id(), EventTrust.PARTIAL);
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    assertThat(matchedOf(teller, other)).isEqualTo(800);
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("events");
  }

  @Test
  void ofARestartedProcessNothingIsBelievedWhoeverSaidIt() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    holder().store(prompt.blocks(16), 0, 100, Presence.GPU);
    fleet.fleet.report(teller.id(), TestFleet.facts(2));
    assertThat(matchedOf(teller, prompt)).isZero();
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("shadow");
  }

  @Test
  void itsBlocksMayHaveAnotherSizeThanItsMetricsSaid() {
    IndexWriter holder = holder(teller, 32);
    holder.store(prompt.blocks(32), 0, 50, Presence.GPU);
    assertThat(matchedOf(teller, prompt)).isEqualTo(49 * 32);
    assertThat(fleet.send(prompt).replica()).isEqualTo(teller);
  }

  @Test
  void removalByOneReplicaLeavesTheOthersBlocksAlone() {
    IndexWriter holder = holder();
    Replica other = fleet.replicas.getLast();
    IndexWriter otherHolder = holder(other, 16);
    BlockKeys keys = prompt.blocks(16);
    holder.store(keys, 0, 100, Presence.GPU);
    otherHolder.store(keys, 0, 100, Presence.GPU);
    holder.clear();
    assertThat(matchedOf(teller, prompt)).isZero();
    assertThat(matchedOf(other, prompt)).isEqualTo(1584);
  }
}
