package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One test for each fault known from the field reports of other routers. */
final class FieldReportsTest {

  static List<String> policies() {
    return Policies.NAMES;
  }

  private static Map<Replica, Integer> sendCold(TestFleet fleet, int requests, long millisBetween) {
    Map<Replica, Integer> sent = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      fleet.passMillis(millisBetween);
      sent.merge(fleet.send(TestFleet.prompt(5000 + i, 1000)).replica(), 1, Integer::sum);
    }
    return sent;
  }

  private static Map<Replica, Integer> serveCold(TestFleet fleet, int requests) {
    Map<Replica, Integer> sent = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      sent.merge(fleet.serve(TestFleet.prompt(9000 + i, 1000), 210).replica(), 1, Integer::sum);
    }
    return sent;
  }

  @Test
  void aReplicaThatHangsGetsNoFurtherRequests() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    PromptKeys prompt = TestFleet.prompt(7, 2000);
    Replica hangs = fleet.send(prompt).replica();
    fleet.passMillis(20_000);
    for (int i = 0; i < 20; i++) {
      Reservation sibling = fleet.send(TestFleet.prompt(7, 2100));
      assertThat(sibling.replica()).isNotEqualTo(hangs);
      fleet.passMillis(500);
      sibling.firstToken();
      sibling.close(TestFleet.completed(2100));
    }
  }

  @Test
  void aReplicaThatFailsAtOnceDoesNotDrawAllTrafficAndReturnsWhenItServes() {
    TestFleet fleet = new TestFleet(3, "kv-aware", 1);
    Replica broken = fleet.replicas.getFirst();
    int failed = 0;
    for (int i = 0; i < 300; i++) {
      Reservation reservation = fleet.send(TestFleet.prompt(i, 500));
      fleet.passMillis(10);
      if (reservation.replica().equals(broken)) {
        failed++;
        reservation.close(new Outcome.Refused(500));
      } else {
        reservation.firstToken();
        reservation.close(TestFleet.completed(500));
      }
    }
    assertThat(failed).isBetween(2, 10);
    fleet.passMillis(60_000);
    assertThat(serveCold(fleet, 60)).containsKey(broken);
  }

  @Test
  void clientErrorsKeepNoReplicaFromServing() {
    TestFleet fleet = new TestFleet(2, "least-load", 1);
    for (int i = 0; i < 50; i++) {
      fleet.send(TestFleet.prompt(i, 100)).close(new Outcome.Refused(400));
    }
    assertThat(sendCold(fleet, 10, 0)).hasSize(2);
  }

  @Test
  void whereAllReplicasFailAllAreStillTried() {
    TestFleet fleet = new TestFleet(3, "round-robin", 1);
    for (int i = 0; i < 30; i++) {
      fleet.send(TestFleet.prompt(i, 100)).close(new Outcome.Refused(503));
    }
    assertThat(sendCold(fleet, 9, 0)).hasSize(3);
  }

  @Test
  void loadOfOtherClientsCounts() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    serveCold(fleet, 10);
    Replica shared = fleet.replicas.getFirst();
    fleet.fleet.report(shared.id(), new EngineLoad(20, 10, 0.3));
    for (int i = 0; i < 10; i++) {
      assertThat(fleet.serve(TestFleet.prompt(i, 1000), 210).replica()).isNotEqualTo(shared);
    }
    fleet.fleet.report(shared.id(), new EngineLoad(0, 0, 0));
    assertThat(serveCold(fleet, 30)).hasSize(2);
  }

  @Test
  void ourOwnReportedLoadIsNotCountedAsForeign() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    Reservation reservation = fleet.send(TestFleet.prompt(1, 1000));
    fleet.fleet.report(reservation.replica().id(), new EngineLoad(1, 0, 0.1));
    Cost cost = costOf(fleet, reservation.replica(), TestFleet.prompt(1, 1000));
    fleet.fleet.report(reservation.replica().id(), new EngineLoad(0, 0, 0));
    assertThat(costOf(fleet, reservation.replica(), TestFleet.prompt(1, 1000))).isEqualTo(cost);
  }

  private static Cost costOf(TestFleet fleet, Replica replica, PromptKeys prompt) {
    return fleet.router.explain(TestFleet.query(prompt)).replicas().stream()
        .filter(each -> each.id().equals(replica.id()))
        .findFirst()
        .orElseThrow()
        .cost();
  }

  @Test
  void requestsWithASharedSystemPromptSpread() {
    TestFleet fleet = new TestFleet(4, "kv-aware", 1);
    Map<Replica, Integer> sent = new HashMap<>();
    PromptKeys system = TestFleet.prompt(7, 3000);
    for (int i = 0; i < 400; i++) {
      Reservation reservation = fleet.send(TestFleet.extended(system, i, 400));
      sent.merge(reservation.replica(), 1, Integer::sum);
      fleet.passMillis(10);
    }
    assertThat(sent.values()).hasSize(4).allMatch(n -> n > 40);
  }

  @Test
  void anEmptyReplicaDoesNotDrawAllUncachedPrompts() {
    TestFleet fleet = new TestFleet(3, "kv-aware", 1);
    serveCold(fleet, 300);
    Replica late = fleet.join(1);
    assertThat(sendCold(fleet, 80, 0).get(late)).isBetween(12, 32);
  }

  @Test
  void loadIsCountedInTokens() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    Replica busy = fleet.send(TestFleet.prompt(1, 20_000)).replica();
    for (int i = 0; i < 8; i++) {
      assertThat(fleet.send(TestFleet.prompt(2 + i, 1000)).replica()).isNotEqualTo(busy);
    }
  }

  @Test
  void oneAnswerRevealsACacheThatWasReset() {
    TestFleet fleet = new TestFleet(1, "kv-aware", 1);
    fleet.serve(TestFleet.prompt(7, 2000), 400);
    fleet.serve(TestFleet.prompt(8, 2000), 400);
    Reservation reservation = fleet.send(TestFleet.prompt(8, 2000));
    assertThat(reservation.matchedTokens()).isEqualTo(1984);
    reservation.firstToken();
    reservation.close(new Outcome.Completed(2000, 1, 0, new Outcome.Answer.Unknown()));
    assertThat(fleet.send(TestFleet.prompt(7, 2000)).matchedTokens()).isZero();
    assertThat(fleet.send(TestFleet.prompt(8, 2000)).matchedTokens()).isEqualTo(1984);
  }

  @Test
  void textBlocksAreNotCorrectedByTokenCountsThatAboutAgree() {
    TestFleet fleet = new TestFleet(1, "kv-aware", 1);
    int[] text = new SplittableRandom(3).ints(1600).toArray();
    long root = new KeySpace(3).textRoot(TestFleet.MODEL, null);
    PromptKeys prompt = PromptKeys.of(PromptMode.TEXT, root, text, text.length);
    fleet.serve(prompt, 400);
    Reservation again = fleet.send(prompt);
    again.firstToken();
    again.close(
        new Outcome.Completed(1900, 4, 1800, new Outcome.Answer.Ids(new int[] {1, 2, 3, 4})));
    assertThat(fleet.send(prompt).matchedTokens()).isEqualTo(1584);
  }

  @Test
  void aNonStreamedAnswerTeachesNoSpeedAndItsPrefillEndsByEstimate() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    double before = fleet.stats(fleet.replicas.getFirst()).secondsPerPrefillToken();
    Reservation reservation = fleet.send(TestFleet.unstreamed(TestFleet.prompt(1, 2000)));
    assertThat(costOf(fleet, reservation.replica(), TestFleet.prompt(2, 100)).queue()).isPositive();
    fleet.passMillis(2_000);
    fleet.send(TestFleet.prompt(3, 50));
    assertThat(fleet.stats(reservation.replica()).queuedPrefillTokens()).isLessThan(100);
    fleet.passMillis(30_000);
    reservation.close(TestFleet.completed(2000));
    fleet.passMillis(1_000);
    fleet.send(TestFleet.prompt(4, 50));
    assertThat(fleet.stats(reservation.replica()).secondsPerPrefillToken()).isEqualTo(before);
  }

  @Test
  void replicasOfOneModelMayDifferInBlockSize() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    Replica large = fleet.replicas.getLast();
    fleet.fleet.report(large.id(), TestFleet.facts(32, 2000));
    List<Integer> matched = new ArrayList<>();
    for (Replica replica : fleet.replicas) {
      fleet
          .send(
              new RouteQuery(
                  TestFleet.MODEL, TestFleet.prompt(7, 1000), null, 1, others(fleet, replica)))
          .firstToken();
    }
    fleet
        .router
        .explain(TestFleet.query(TestFleet.prompt(7, 1000)))
        .replicas()
        .forEach(each -> matched.add(each.matchedTokens()));
    assertThat(matched).containsExactly(992, 992);
    assertThat(fleet.stats(large).cache().blockSize()).isEqualTo(32);
  }

  private static Set<ReplicaId> others(TestFleet fleet, Replica replica) {
    return fleet.replicas.stream()
        .filter(each -> !each.equals(replica))
        .map(Replica::id)
        .collect(Collectors.toSet());
  }

  @Test
  void anAdaptersRequestsLoadTheReplicaForItsBaseModelToo() {
    TestFleet fleet = new TestFleet(2, "kv-aware", 1);
    for (Replica replica : fleet.replicas) {
      fleet.fleet.report(replica.id(), TestFleet.facts(1, TestFleet.MODEL, "adapter"));
    }
    PromptKeys prompt = TestFleet.prompt(1, 20_000);
    Reservation adapter = fleet.send(new RouteQuery("adapter", prompt, null, 1, Set.of()));
    for (int i = 0; i < 5; i++) {
      assertThat(fleet.send(TestFleet.prompt(2 + i, 500)).replica())
          .isNotEqualTo(adapter.replica());
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void explainingDoesNotMoveAnyPolicysNextPick(String policy) {
    List<Replica> plain = new ArrayList<>();
    List<Replica> explained = new ArrayList<>();
    TestFleet one = new TestFleet(5, policy, 3);
    TestFleet two = new TestFleet(5, policy, 3);
    for (int i = 0; i < 200; i++) {
      RouteQuery query = TestFleet.query(TestFleet.prompt(i % 17, 300), "s" + i % 7);
      plain.add(one.send(query).replica());
      two.router.explain(query);
      explained.add(two.send(query).replica());
      two.router.explain(query);
    }
    assertThat(explained).isEqualTo(plain);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void theSameSeedAndClockMakeTheSameDecisions(String policy) {
    List<List<Replica>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      TestFleet fleet = new TestFleet(6, policy, 11);
      SplittableRandom random = new SplittableRandom(4);
      List<Replica> picked = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        Reservation reservation =
            fleet.send(TestFleet.prompt(random.nextInt(50), 100 + random.nextInt(900)));
        picked.add(reservation.replica());
        fleet.passMillis(random.nextInt(100));
        reservation.firstToken();
        if (random.nextBoolean()) {
          reservation.close(TestFleet.completed(100));
        }
      }
      runs.add(picked);
    }
    assertThat(runs.getFirst()).isEqualTo(runs.getLast());
  }

  @Test
  void aHeavierReplicaCountsAsFasterUntilItsSpeedIsLearned() {
    TestFleet fleet = new TestFleet(1, "kv-aware", 1);
    Replica heavy = fleet.join(3);
    Map<Replica, Integer> sent = sendCold(fleet, 40, 0);
    assertThat(sent.get(heavy)).isBetween(26, 34);
  }
}
