package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.index.Presence;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Replicas whose engines publish KV events. */
final class EventCacheTest {

  private final TestFleet fleet = new TestFleet(2, "kv-aware", 1);
  private final Replica publisher = fleet.replicas.getFirst();
  private final PromptKeys prompt = TestFleet.prompt(7, 1600);

  private IndexWriter holder() {
    return holder(publisher, 16);
  }

  /** The holder for a replica's events, which are trusted from now on. */
  private IndexWriter holder(Replica replica, int blockSize) {
    IndexWriter holder = Objects.requireNonNull(fleet.router.eventHolder(replica.id(), blockSize));
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
  void trustedEventsReplaceTheShadow() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    assertThat(fleet.stats(publisher).cache().knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(publisher, prompt)).isEqualTo(1584);

    IndexWriter holder = holder();
    assertThat(fleet.stats(publisher).cache().knowledge()).isEqualTo("events");
    assertThat(matchedOf(publisher, prompt)).isZero();

    BlockKeys keys = prompt.blocks(16);
    holder.store(keys, 0, 50, Presence.GPU);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(800);
    holder.remove(keys.key(10), Presence.GPU);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(160);
  }

  @Test
  void predictedBlocksMatchAtOnceAndAreRemovedWhenTheirRequestEndsUnreported() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    Reservation first = fleet.send(prompt);
    Reservation sibling = fleet.send(prompt);
    assertThat(sibling.matchedTokens()).isEqualTo(1584);

    first.close(TestFleet.completed(1600));
    assertThat(matchedOf(publisher, prompt)).as("the sibling still predicts them").isEqualTo(1584);

    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    sibling.close(TestFleet.completed(1600));
    assertThat(matchedOf(publisher, prompt)).isEqualTo(320);
  }

  @Test
  void afterEventsStopOnlyTheShadowIsTrusted() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    fleet.router.stopEvents(publisher.id());
    assertThat(fleet.stats(publisher).cache().knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(publisher, prompt)).isZero();
    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    assertThat(matchedOf(publisher, prompt)).as("a late event").isZero();
    fleet.serve(prompt, 100);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(1584);
  }

  @Test
  void theShadowFollowsRequestsMeanwhileAndTakesOverAtOnce() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    holder.store(prompt.blocks(16), 0, 20, Presence.GPU);
    fleet.serve(prompt, 100);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(320);
    fleet.router.trustEvents(publisher.id(), EventTrust.NONE);
    assertThat(fleet.stats(publisher).cache().knowledge()).isEqualTo("shadow");
    assertThat(matchedOf(publisher, prompt)).isEqualTo(1584);
    fleet.router.trustEvents(publisher.id(), EventTrust.COMPLETE);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(320);
  }

  @Test
  void aRequestInFlightIsPredictedBeforeAndAfterEventsStart() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    Reservation early = fleet.send(prompt);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(1584);
    IndexWriter holder = holder();
    holder.store(prompt.blocks(16), 0, 6, Presence.GPU);
    assertThat(matchedOf(publisher, prompt)).as("its first blocks are reported").isEqualTo(1584);
    early.close(TestFleet.completed(1600));
    assertThat(matchedOf(publisher, prompt)).as("only the reported blocks remain").isEqualTo(96);
  }

  @Test
  void clearingTheEventViewKeepsPredictedBlocks() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    IndexWriter holder = holder();
    PromptKeys other = TestFleet.prompt(8, 1600);
    holder.store(other.blocks(16), 0, 100, Presence.GPU);
    Reservation reservation = fleet.send(prompt);
    fleet.router.clearEventView(publisher.id());
    assertThat(matchedOf(publisher, other)).isZero();
    assertThat(matchedOf(publisher, prompt)).isEqualTo(1584);
    reservation.close(TestFleet.completed(1600));
    assertThat(matchedOf(publisher, prompt)).isZero();
  }

  @Test
  void withPartialTrustTheViewWithMoreBlocksAnswers() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    IndexWriter holder = holder();
    PromptKeys other = TestFleet.prompt(8, 1600);
    holder.store(other.blocks(16), 0, 50, Presence.GPU);
    assertThat(matchedOf(publisher, prompt)).isZero();
    fleet.router.trustEvents(publisher.id(), EventTrust.PARTIAL);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(1584);
    assertThat(matchedOf(publisher, other)).isEqualTo(800);
    assertThat(fleet.stats(publisher).cache().knowledge()).isEqualTo("events");
  }

  @Test
  void aRestartEmptiesTheShadowAndEndsTrustInEvents() {
    fleet.fleet.drain(fleet.replicas.getLast().id());
    fleet.serve(prompt, 100);
    holder().store(prompt.blocks(16), 0, 100, Presence.GPU);
    fleet.fleet.report(publisher.id(), TestFleet.facts(2));
    assertThat(matchedOf(publisher, prompt)).isZero();
    assertThat(fleet.stats(publisher).cache().knowledge()).isEqualTo("shadow");
  }

  @Test
  void eventsMayReportAnotherBlockSizeThanMetrics() {
    IndexWriter holder = holder(publisher, 32);
    holder.store(prompt.blocks(32), 0, 50, Presence.GPU);
    assertThat(matchedOf(publisher, prompt)).isEqualTo(49 * 32);
    assertThat(fleet.send(prompt).replica()).isEqualTo(publisher);
  }

  @Test
  void clearingOneReplicasBlocksKeepsTheOthers() {
    IndexWriter holder = holder();
    Replica other = fleet.replicas.getLast();
    IndexWriter otherHolder = holder(other, 16);
    BlockKeys keys = prompt.blocks(16);
    holder.store(keys, 0, 100, Presence.GPU);
    otherHolder.store(keys, 0, 100, Presence.GPU);
    holder.clear();
    assertThat(matchedOf(publisher, prompt)).isZero();
    assertThat(matchedOf(other, prompt)).isEqualTo(1584);
  }
}
