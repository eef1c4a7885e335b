package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.index.Claim;
import io.kvroute.router.index.Holder;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Replicas whose engines tell what they hold. */
final class EventCacheTest {

  private final TestFleet fleet = new TestFleet(2, "kv-aware", 1);
  private final Replica teller = fleet.replicas.getFirst();
  private final PromptKeys prompt = TestFleet.prompt(7, 1600);

  private Holder holder() {
    return holder(teller, 16);
  }

  /** Where a replica's events are entered; they are believed from now on. */
  private Holder holder(Replica replica, int blockSize) {
    Holder holder = Objects.requireNonNull(fleet.router.eventHolder(replica.id(), blockSize));
    fleet.router.trustEvents(replica.id(), EventTrust.COMPLETE);
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
    assertThat(fleet.stats(teller).cache().knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);

    Holder holder = holder();
    assertThat(fleet.stats(teller).cache().knowledge()).isEqualTo("events");
    assertThat(matchedOf(teller, prompt)).isZero();

    BlockKeys keys = prompt.blocks(16);
    holder.store(keys, 0, 50, Claim.GPU);
    assertThat(matchedOf(teller, prompt)).isEqualTo(800);
    holder.remove(keys.key(10), Claim.GPU);
    assertThat(matchedOf(teller, prompt)).isEqualTo(160);
  }

  @Test
  void aPredictionIsSeenAtOnceAndTakenBackWhenItsRequestEndsUnconfirmed() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Holder holder = holder();
    Reservation first = fleet.send(prompt);
    Reservation sibling = fleet.send(prompt);
    assertThat(sibling.matchedTokens()).isEqualTo(1584);

    first.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).as("the sibling still promises it").isEqualTo(1584);

    holder.store(prompt.blocks(16), 0, 20, Claim.GPU);
    sibling.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).isEqualTo(320);
  }

  @Test
  void afterItsEndOnlyTheShadowIsBelieved() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Holder holder = holder();
    holder.store(prompt.blocks(16), 0, 20, Claim.GPU);
    fleet.router.stopEvents(teller.id());
    assertThat(fleet.stats(teller).cache().knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(teller, prompt)).isZero();
    holder.store(prompt.blocks(16), 0, 20, Claim.GPU);
    assertThat(matchedOf(teller, prompt)).as("a late event").isZero();
    fleet.serve(prompt, 100);
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
  }

  @Test
  void theShadowHasLearnedMeanwhileAndTakesOverAtOnce() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Holder holder = holder();
    holder.store(prompt.blocks(16), 0, 20, Claim.GPU);
    fleet.serve(prompt, 100);
    assertThat(matchedOf(teller, prompt)).isEqualTo(320);
    fleet.router.trustEvents(teller.id(), EventTrust.NONE);
    assertThat(fleet.stats(teller).cache().knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    fleet.router.trustEvents(teller.id(), EventTrust.COMPLETE);
    assertThat(matchedOf(teller, prompt)).isEqualTo(320);
  }

  @Test
  void aRequestUnderWayIsExpectedOnBothSidesOfTheChange() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Reservation early = fleet.send(prompt);
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    Holder holder = holder();
    holder.store(prompt.blocks(16), 0, 6, Claim.GPU);
    assertThat(matchedOf(teller, prompt)).as("its first blocks are told").isEqualTo(1584);
    early.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).as("what did not come true").isEqualTo(96);
  }

  @Test
  void whatWasToldIsForgottenWithoutWhatRequestsUnderWayWillAdd() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Holder holder = holder();
    PromptKeys other = TestFleet.prompt(8, 1600);
    holder.store(other.blocks(16), 0, 100, Claim.GPU);
    Reservation reservation = fleet.send(prompt);
    fleet.router.clearEventView(teller.id());
    assertThat(matchedOf(teller, other)).isZero();
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    reservation.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).isZero();
  }

  @Test
  void whereNotAllIsToldTheShadowKnowsTheRest() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    Holder holder = holder();
    PromptKeys other = TestFleet.prompt(8, 1600);
    holder.store(other.blocks(16), 0, 50, Claim.GPU);
    assertThat(matchedOf(teller, prompt)).isZero();
    fleet.router.trustEvents(teller.id(), EventTrust.PARTIAL);
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
    assertThat(matchedOf(teller, other)).isEqualTo(800);
    assertThat(fleet.stats(teller).cache().knowledge()).isEqualTo("events");
  }

  @Test
  void ofARestartedProcessNothingIsBelievedWhoeverSaidIt() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    holder().store(prompt.blocks(16), 0, 100, Claim.GPU);
    fleet.fleet.report(teller.id(), TestFleet.facts(2));
    assertThat(matchedOf(teller, prompt)).isZero();
    assertThat(fleet.stats(teller).cache().knowledge()).isEqualTo("shadow");
  }

  @Test
  void itsBlocksMayHaveAnotherSizeThanItsMetricsSaid() {
    Holder holder = holder(teller, 32);
    holder.store(prompt.blocks(32), 0, 50, Claim.GPU);
    assertThat(matchedOf(teller, prompt)).isEqualTo(49 * 32);
    assertThat(fleet.send(prompt).replica()).isEqualTo(teller);
  }

  @Test
  void removalByOneReplicaLeavesTheOthersBlocksAlone() {
    Holder holder = holder();
    Replica other = fleet.replicas.getLast();
    Holder otherHolder = holder(other, 16);
    BlockKeys keys = prompt.blocks(16);
    holder.store(keys, 0, 100, Claim.GPU);
    otherHolder.store(keys, 0, 100, Claim.GPU);
    holder.clear();
    assertThat(matchedOf(teller, prompt)).isZero();
    assertThat(matchedOf(other, prompt)).isEqualTo(1584);
  }
}
