package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FleetRouterTest {

  static List<String> policies() {
    return Policies.NAMES;
  }

  @Test
  void aModelNobodyServesIsUnknown() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    RouteQuery query = new RouteQuery("other", PromptKeys.unknown(10), null, 1, Set.of());
    assertThat(fleet.router.route(query)).isInstanceOf(Decision.UnknownModel.class);
  }

  @Test
  void aModelWhoseReplicasAreDownIsNotReady() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    fleet.replicas.forEach(replica -> fleet.fleet.down(replica.id(), "connection refused"));
    RouteQuery query = TestFleet.query(TestFleet.prompt(1, 100));
    assertThat(fleet.router.route(query)).isInstanceOf(Decision.NoneReady.class);
  }

  @Test
  void aReplicaThatWasSentARequestIsNotSentItAgainEvenIfItIsTheOnlyOne() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    ReplicaId failed = fleet.replicas.get(0).id();
    PromptKeys prompt = TestFleet.prompt(1, 100);
    RouteQuery query = new RouteQuery(TestFleet.MODEL, prompt, null, 1, Set.of(failed));
    for (int i = 0; i < 20; i++) {
      assertThat(fleet.send(query).replica().id()).isNotEqualTo(failed);
    }
    fleet.fleet.down(fleet.replicas.get(1).id(), "gone");
    assertThat(fleet.router.route(query)).isInstanceOf(Decision.NoneReady.class);
  }

  @Test
  void theSecondTurnFollowsTheFirst() {
    TestFleet fleet = new TestFleet(8, "kv-aware", 1);
    Reservation first = fleet.serve(TestFleet.prompt(7, 2000), 500);
    Reservation second = fleet.send(TestFleet.prompt(7, 2600));
    assertThat(second.replica()).isEqualTo(first.replica());
    assertThat(second.matchedTokens()).isEqualTo(2000);
  }

  @Test
  void aSiblingThatArrivesBeforeTheFirstTokenMatchesPredictedBlocks() {
    TestFleet fleet = new TestFleet(4, "kv-aware", 1);
    Reservation first = fleet.send(TestFleet.prompt(7, 3200));
    Reservation sibling = fleet.send(TestFleet.prompt(7, 3210));
    assertThat(sibling.routed.match().bestTokens()).isEqualTo(3200);
    assertThat(sibling.replica()).isEqualTo(first.replica());
  }

  @Test
  void aBurstOfSiblingsSpreadsOnceTheQueueCostsMoreThanThePrefix() {
    TestFleet fleet = new TestFleet(8, "kv-aware", 1);
    Map<ReplicaId, Integer> sent = new HashMap<>();
    int prefills = 0;
    for (int i = 0; i < 32; i++) {
      Reservation reservation = fleet.send(TestFleet.prompt(7, 4000));
      sent.merge(reservation.replica().id(), 1, Integer::sum);
      prefills += reservation.matchedTokens() == 0 ? 1 : 0;
    }
    assertThat(prefills).isBetween(1, 8);
    assertThat(sent.values()).allMatch(n -> n < 32);
  }

  @Test
  void coldTrafficSpreadsEvenlyThoughLearnedRatesDifferByNoise() {
    TestFleet fleet = new TestFleet(4, "kv-aware", 1);
    SplittableRandom noise = new SplittableRandom(9);
    Map<Replica, Integer> sent = new HashMap<>();
    for (int i = 0; i < 2000; i++) {
      Reservation reservation =
          fleet.serve(TestFleet.prompt(1000 + i, 1000), 260 + noise.nextInt(-20, 20));
      sent.merge(reservation.replica(), 1, Integer::sum);
    }
    assertThat(sent).hasSize(4);
    assertThat(sent.values()).allMatch(n -> n > 350 && n < 650);
  }

  @Test
  void aSlowReplicaGetsLessColdTraffic() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    Replica slow = fleet.replicas.get(0);
    int slowLate = 0;
    for (int i = 0; i < 400; i++) {
      PromptKeys prompt = TestFleet.prompt(1000 + i, 1000);
      Reservation reservation = fleet.send(prompt);
      fleet.passMillis(reservation.replica().equals(slow) ? 1000 : 250);
      reservation.firstToken();
      reservation.close(TestFleet.completed(1000));
      slowLate += i >= 200 && reservation.replica().equals(slow) ? 1 : 0;
    }
    assertThat(slowLate).isLessThan(20);
  }

  @Test
  void theSessionsLastReplicaWinsATie() {
    TestFleet fleet = new TestFleet(8, "kv-aware", 1);
    Reservation first = fleet.send(TestFleet.query(TestFleet.prompt(1, 40), "s"));
    first.close(new Outcome.ClientLeft());
    for (int i = 0; i < 20; i++) {
      Reservation next = fleet.send(TestFleet.query(TestFleet.prompt(100 + i, 40), "s"));
      assertThat(next.replica()).isEqualTo(first.replica());
      next.close(new Outcome.ClientLeft());
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void loadReturnsToZeroHoweverRequestsEnd(String policy) {
    TestFleet fleet = new TestFleet(5, policy, 4);
    SplittableRandom random = new SplittableRandom(8);
    List<Reservation> open = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      if (open.isEmpty() || random.nextInt(3) > 0) {
        PromptKeys prompt = TestFleet.prompt(random.nextInt(40), 16 + random.nextInt(900));
        String session = random.nextBoolean() ? "s" + random.nextInt(10) : null;
        open.add(fleet.send(TestFleet.query(prompt, session)));
      } else {
        Reservation reservation = open.get(random.nextInt(open.size()));
        step(reservation, random.nextInt(6), open);
      }
      fleet.passMillis(random.nextInt(20));
    }
    for (Reservation reservation : List.copyOf(open)) {
      step(reservation, 2 + random.nextInt(4), open);
    }
    for (Replica replica : fleet.replicas) {
      assertThat(fleet.stats(replica).inflight()).isZero();
      assertThat(fleet.stats(replica).queuedPrefillTokens()).isZero();
    }
  }

  private static void step(Reservation reservation, int kind, List<Reservation> open) {
    switch (kind) {
      case 0 -> reservation.firstToken();
      case 1 -> reservation.generated(3);
      case 2 -> reservation.close(TestFleet.completed(100));
      case 3 -> reservation.close(new Outcome.ClientLeft());
      case 4 -> reservation.close(new Outcome.ReplicaFailed("reset"));
      default -> reservation.close(new Outcome.Refused(400));
    }
    if (kind >= 2) {
      reservation.close(TestFleet.completed(100));
      reservation.firstToken();
      open.remove(reservation);
    }
  }

  @Test
  void aRestartedReplicaHoldsNothing() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    Reservation first = fleet.serve(TestFleet.prompt(7, 2000), 500);
    fleet.fleet.report(first.replica().id(), TestFleet.facts(2));
    assertThat(fleet.send(TestFleet.prompt(7, 2600)).routed.match().bestTokens()).isZero();
  }

  @Test
  void explainChangesNothingAndAgreesWithTheDecision() {
    TestFleet fleet = new TestFleet(4, "kv-aware", 1);
    Reservation first = fleet.serve(TestFleet.prompt(7, 2000), 500);
    RouteQuery query = TestFleet.query(TestFleet.prompt(7, 2600));
    Explanation explanation = fleet.router.explain(query);
    assertThat(explanation.picked()).isEqualTo(first.replica().id());
    assertThat(explanation.replicas()).hasSize(4);
    assertThat(explanation.replicas().get(first.replica().slot()).matchedTokens()).isEqualTo(2000);
    assertThat(fleet.router.explain(query)).isEqualTo(explanation);
    assertThat(fleet.stats(first.replica()).inflight()).isZero();
  }

  @Test
  void promptsThatWaitForSpaceMakeThoseBehindThemWait() {
    TestFleet fleet = new TestFleet(1, "kv-aware", 1);
    Reservation answered = fleet.send(TestFleet.prompt(1, 1000));
    answered.firstToken();
    fleet.passMillis(10_000);
    answered.close(TestFleet.completed(1000));
    fleet.send(TestFleet.prompt(2, 60_000)).firstToken();
    fleet.send(TestFleet.prompt(3, 3000));
    assertThat(slotWait(fleet)).isZero();
    fleet.send(TestFleet.prompt(4, 3000));
    assertThat(slotWait(fleet)).isPositive();
  }

  private static double slotWait(TestFleet fleet) {
    return fleet
        .router
        .explain(TestFleet.query(TestFleet.prompt(5, 1000)))
        .replicas()
        .getFirst()
        .cost()
        .slotWait();
  }
}
