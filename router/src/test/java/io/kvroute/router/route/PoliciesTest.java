package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.keys.PromptKeys;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PoliciesTest {

  private static Map<Replica, Integer> sentByReplica(TestFleet fleet, int requests) {
    Map<Replica, Integer> sent = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      sent.merge(fleet.send(TestFleet.prompt(i, 200)).replica(), 1, Integer::sum);
    }
    return sent;
  }

  @Test
  void anUnknownNameIsRejectedWithTheKnownNames() {
    assertThatThrownBy(() -> new TestFleet(1, "fastest", 1))
        .hasMessageContaining("policy: fastest (expected: one of [kv-aware, prefix-hash");
  }

  @Test
  void roundRobinPicksInProportionToWeights() {
    TestFleet fleet = new TestFleet(2, "round-robin", 1);
    Replica heavy = fleet.join(2);
    Map<Replica, Integer> sent = sentByReplica(fleet, 40);
    assertThat(sent.get(heavy)).isEqualTo(20);
    assertThat(sent.get(fleet.replicas.get(0))).isEqualTo(10);
  }

  @Test
  void aReplicaThatJoinsRoundRobinLateIsNotFlooded() {
    TestFleet fleet = new TestFleet(2, "round-robin", 1);
    sentByReplica(fleet, 100);
    Replica late = fleet.join(1);
    assertThat(sentByReplica(fleet, 30).get(late)).isBetween(9, 11);
  }

  @Test
  void randomFollowsWeights() {
    TestFleet fleet = new TestFleet(1, "random", 5);
    Replica heavy = fleet.join(3);
    assertThat(sentByReplica(fleet, 4000).get(heavy)).isBetween(2850, 3150);
  }

  @Test
  void leastLoadCountsTokensAndNotRequests() {
    TestFleet fleet = new TestFleet(2, "least-load", 1);
    Replica withLongPrompt = fleet.send(TestFleet.prompt(1, 8000)).replica();
    for (int i = 0; i < 5; i++) {
      assertThat(fleet.send(TestFleet.prompt(2 + i, 500)).replica()).isNotEqualTo(withLongPrompt);
    }
  }

  @Test
  void powerOfTwoNeverPicksTheMostLoaded() {
    TestFleet fleet = new TestFleet(3, "power-of-two", 1);
    Replica loaded = fleet.send(TestFleet.prompt(1, 80_000)).replica();
    for (int i = 0; i < 30; i++) {
      assertThat(fleet.send(TestFleet.prompt(2 + i, 100)).replica()).isNotEqualTo(loaded);
    }
  }

  @Test
  void prefixHashKeepsPromptsOfOnePrefixTogetherUntilTheLoadBound() {
    TestFleet fleet = new TestFleet(4, "prefix-hash", 1);
    Replica first = fleet.serve(TestFleet.prompt(7, 2000), 1).replica();
    assertThat(fleet.serve(TestFleet.prompt(7, 3000), 1).replica()).isEqualTo(first);
    Map<Replica, Integer> burst = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      burst.merge(fleet.send(TestFleet.prompt(7, 2000)).replica(), 1, Integer::sum);
    }
    assertThat(burst.values()).allMatch(n -> n <= Math.ceil(1.25 * 41 / 4) + 1);
  }

  @Test
  void prefixHashSpreadsDifferentPrefixes() {
    Map<Replica, Integer> sent = new HashMap<>();
    TestFleet fleet = new TestFleet(4, "prefix-hash", 1);
    for (int i = 0; i < 400; i++) {
      sent.merge(fleet.serve(TestFleet.prompt(i, 600), 1).replica(), 1, Integer::sum);
    }
    assertThat(sent.values()).hasSize(4).allMatch(n -> n > 50);
  }

  @Test
  void sessionStaysWithItsReplicaForTwoHours() {
    TestFleet fleet = new TestFleet(6, "session", 1);
    PromptKeys prompt = TestFleet.prompt(1, 100);
    Replica first = fleet.send(TestFleet.query(prompt, "alice")).replica();
    for (int i = 0; i < 10; i++) {
      fleet.passMillis(3_600_000);
      assertThat(fleet.send(TestFleet.query(prompt, "alice")).replica()).isEqualTo(first);
    }
  }

  @Test
  void theRingMovesOnlyTheKeysOfAReplicaThatLeft() {
    TestFleet fleet = new TestFleet(5, "prefix-hash", 1);
    Map<Integer, Replica> before = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      before.put(i, fleet.serve(TestFleet.prompt(i, 600), 1).replica());
    }
    Replica gone = fleet.replicas.get(2);
    fleet.fleet.remove(gone.id());
    before.forEach(
        (seed, replica) -> {
          if (!replica.equals(gone)) {
            assertThat(fleet.serve(TestFleet.prompt(seed, 600), 1).replica()).isEqualTo(replica);
          }
        });
  }
}
