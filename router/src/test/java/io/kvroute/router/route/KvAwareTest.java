package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.keys.PromptKeys;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Decisions under noisy times to first token. */
final class KvAwareTest {

  private static final int OVERHEAD_MILLIS = 30;

  private final TestFleet fleet = new TestFleet(2, "kv-aware", 1);
  private final SplittableRandom noise = new SplittableRandom(7);
  private int prompts = 1000;

  /** Serves single prompts whose times to first token vary by a third, as on a busy machine. */
  private void serveNoisily(int requests) {
    for (int i = 0; i < requests; i++) {
      int tokens = noise.nextInt(100, 1000);
      double millis = (OVERHEAD_MILLIS + 0.05 * tokens) * Math.exp(0.33 * noise.nextGaussian());
      fleet.serve(TestFleet.prompt(prompts++, tokens), Math.round(millis));
    }
  }

  private double secondsPerToken(Replica replica) {
    return fleet.stats(replica).secondsPerPrefillToken();
  }

  @Test
  void equalReplicasGetEqualSpeedsDespiteNoise() {
    serveNoisily(400);
    assertThat(secondsPerToken(fleet.replicas.get(0)))
        .isEqualTo(secondsPerToken(fleet.replicas.get(1)));
  }

  @Test
  void oneSlowFirstTokenChangesNoDecision() {
    serveNoisily(100);
    double before = secondsPerToken(fleet.replicas.get(0));
    fleet.serve(TestFleet.prompt(prompts++, 500), 2_000);
    assertThat(secondsPerToken(fleet.replicas.get(0))).isLessThan(1.3 * before);
    assertThat(secondsPerToken(fleet.replicas.get(0)))
        .isEqualTo(secondsPerToken(fleet.replicas.get(1)));
  }

  @Test
  void aConversationStaysAtItsCacheWhileOthersWaitThere() {
    serveNoisily(100);
    PromptKeys first = TestFleet.prompt(1, 600);
    Replica atCache = fleet.serve(first, 60).replica();
    Reservation busy = sendTo(atCache, 300);
    assertThat(fleet.send(TestFleet.extended(first, 2, 150)).replica()).isEqualTo(atCache);
    busy.close(new Outcome.ClientLeft());
  }

  @Test
  void aConversationLeavesAReplicaThatMakesNoProgress() {
    serveNoisily(100);
    PromptKeys first = TestFleet.prompt(1, 600);
    Replica atCache = fleet.serve(first, 60).replica();
    sendTo(atCache, 300);
    fleet.passMillis(3_000);
    assertThat(fleet.send(TestFleet.extended(first, 2, 150)).replica()).isNotEqualTo(atCache);
  }

  @Test
  void siblingsThatArriveTogetherFollowTheFirst() {
    serveNoisily(100);
    PromptKeys prompt = TestFleet.prompt(1, 640);
    Replica first = fleet.send(prompt).replica();
    for (int i = 0; i < 5; i++) {
      assertThat(fleet.send(prompt).replica()).isEqualTo(first);
    }
  }

  @Test
  void theQueueCostOfABusyReplicaDoesNotGrow() {
    serveNoisily(100);
    Reservation busy = fleet.send(TestFleet.prompt(1, 600));
    fleet.passMillis(70);
    double queue = queueAt(busy.replica());
    fleet.passMillis(30);
    assertThat(queueAt(busy.replica())).isLessThanOrEqualTo(queue);
  }

  private Reservation sendTo(Replica replica, int tokens) {
    for (; ; ) {
      Reservation reservation = fleet.send(TestFleet.prompt(prompts++, tokens));
      if (reservation.replica().equals(replica)) {
        return reservation;
      }
      reservation.close(new Outcome.ClientLeft());
    }
  }

  private double queueAt(Replica replica) {
    return fleet.router.explain(TestFleet.query(TestFleet.prompt(2, 100))).replicas().stream()
        .filter(each -> each.id().equals(replica.id()))
        .findFirst()
        .orElseThrow()
        .cost()
        .queue();
  }
}
