package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.keys.PromptKeys;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One model name, replicas with different longest contexts. */
final class ContextLengthTest {

  private static TestFleet fleet(String policy) {
    TestFleet fleet = new TestFleet(2, policy, 1);
    limit(fleet, 0, 4_000);
    limit(fleet, 1, 32_000);
    return fleet;
  }

  private static void limit(TestFleet fleet, int replica, int tokens) {
    List<ServedModel> served = List.of(new ServedModel(TestFleet.MODEL, null, null, tokens));
    fleet.fleet.report(
        fleet.replicas.get(replica).id(), new EngineFacts(EngineKind.VLLM, served, 16, 4096, 1));
  }

  private static RouteQuery query(PromptKeys prompt, int maxNewTokens) {
    return new RouteQuery(TestFleet.MODEL, prompt, null, 1, maxNewTokens, Set.of(), false, true);
  }

  private static Replica target(TestFleet fleet, RouteQuery query) {
    Reservation reservation = fleet.send(query);
    reservation.close(new Outcome.ClientLeft());
    return reservation.replica();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kv-aware", "round-robin", "least-load", "random", "prefix-hash"})
  void promptAndAnswerGoWhereTheyFit(String policy) {
    TestFleet fleet = fleet(policy);
    Replica longer = fleet.replicas.get(1);
    for (int i = 0; i < 6; i++) {
      assertThat(target(fleet, query(TestFleet.prompt(i, 4_000), 0))).isEqualTo(longer);
      assertThat(target(fleet, query(TestFleet.prompt(i, 3_000), 1_001))).isEqualTo(longer);
      assertThat(target(fleet, query(PromptKeys.unknown(5_000), 0))).isEqualTo(longer);
    }
  }

  @Test
  void whatJustFitsMayGoAnywhere() {
    TestFleet fleet = fleet("round-robin");
    List<Replica> targets =
        IntStream.range(0, 2)
            .mapToObj(i -> target(fleet, query(TestFleet.prompt(1, 3_000), 1_000)))
            .toList();

    assertThat(targets).containsExactlyInAnyOrderElementsOf(fleet.replicas);
  }

  @Test
  void whatFitsNowhereGoesToAnEngineThatSaysSo() {
    TestFleet fleet = fleet("kv-aware");

    assertThat(fleet.router.route(query(TestFleet.prompt(1, 33_000), 0)))
        .isInstanceOf(Decision.Reserved.class);
  }

  @Test
  void whileTheOnlyReplicaWithRoomIsDownACountedPromptWaitsAndAnEstimatedOneIsTried() {
    TestFleet fleet = fleet("kv-aware");
    fleet.fleet.down(fleet.replicas.get(1).id(), "test");

    assertThat(fleet.router.route(query(TestFleet.prompt(1, 5_000), 0)))
        .isInstanceOf(Decision.NoneReady.class);
    assertThat(fleet.router.route(query(PromptKeys.unknown(5_000), 0)))
        .isInstanceOf(Decision.Reserved.class);
  }
}
