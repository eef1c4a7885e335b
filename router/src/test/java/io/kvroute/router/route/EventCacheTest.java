package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.Claim;
import io.kvroute.router.index.Holder;
import io.kvroute.router.index.PromptKeys;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Replicas whose engines tell what they hold. */
final class EventCacheTest {

  private final TestFleet fleet = new TestFleet(2, "kv-aware", 1);
  private final Replica teller = fleet.replicas.getFirst();
  private final PromptKeys prompt = TestFleet.prompt(7, 1600);

  private Holder holder() {
    return Objects.requireNonNull(fleet.router.toldBy(teller.id(), 16));
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

    Holder holder = holder();
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("events");
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
    Ticket first = fleet.send(prompt);
    Ticket sibling = fleet.send(prompt);
    assertThat(sibling.matchedTokens()).isEqualTo(1584);

    first.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).as("the sibling still promises it").isEqualTo(1584);

    holder.store(prompt.blocks(16), 0, 20, Claim.GPU);
    sibling.close(TestFleet.completed(1600));
    assertThat(matchedOf(teller, prompt)).isEqualTo(320);
  }

  @Test
  void whenItFallsSilentAShadowTakesOverFromNothing() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Holder holder = holder();
    holder.store(prompt.blocks(16), 0, 20, Claim.GPU);
    fleet.router.untold(teller.id());
    assertThat(fleet.stats(teller).knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(teller, prompt)).isZero();
    holder.store(prompt.blocks(16), 0, 20, Claim.GPU);
    assertThat(matchedOf(teller, prompt)).as("a late event").isZero();
    fleet.serve(prompt, 100);
    assertThat(matchedOf(teller, prompt)).isEqualTo(1584);
  }

  @Test
  void itsBlocksMayHaveAnotherSizeThanItsMetricsSaid() {
    Holder holder = Objects.requireNonNull(fleet.router.toldBy(teller.id(), 32));
    holder.store(prompt.blocks(32), 0, 50, Claim.GPU);
    assertThat(matchedOf(teller, prompt)).isEqualTo(49 * 32);
    assertThat(fleet.send(prompt).replica()).isEqualTo(teller);
  }

  @Test
  void removalByOneReplicaLeavesTheOthersBlocksAlone() {
    Holder holder = holder();
    Replica other = fleet.replicas.getLast();
    Holder otherHolder = Objects.requireNonNull(fleet.router.toldBy(other.id(), 16));
    BlockKeys keys = prompt.blocks(16);
    holder.store(keys, 0, 100, Claim.GPU);
    otherHolder.store(keys, 0, 100, Claim.GPU);
    holder.clear();
    assertThat(matchedOf(teller, prompt)).isZero();
    assertThat(matchedOf(other, prompt)).isEqualTo(1584);
  }
}
