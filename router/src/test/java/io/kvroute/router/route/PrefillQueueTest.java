package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.Replica;
import org.junit.jupiter.api.Test;

/** Which times to first token are learned from: only those that nothing unseen disturbed. */
final class PrefillQueueTest {

  private final TestFleet fleet = new TestFleet(1, "kv-aware", 1);
  private final Replica replica = fleet.replicas.getFirst();
  private final double unlearned = secondsPerToken();

  private double secondsPerToken() {
    fleet.passMillis(1_000);
    fleet.send(TestFleet.prompt(99, 10)).close(new Outcome.ClientLeft());
    return fleet.stats(replica).secondsPerPrefillToken();
  }

  private void endPrefill(Reservation reservation) {
    fleet.passMillis(3_000);
    reservation.firstToken();
    reservation.close(TestFleet.completed(2000));
  }

  @Test
  void learnsFromARequestThatNothingDisturbed() {
    endPrefill(fleet.send(TestFleet.prompt(1, 2000)));
    assertThat(secondsPerToken()).isGreaterThan(unlearned);
  }

  @Test
  void aRequestThatEndsWithoutAFirstTokenDisturbsThoseThatWait() {
    Reservation first = fleet.send(TestFleet.prompt(1, 2000));
    Reservation second = fleet.send(TestFleet.prompt(2, 2000));
    first.close(new Outcome.ClientLeft());
    endPrefill(second);
    assertThat(secondsPerToken()).isEqualTo(unlearned);
  }

  @Test
  void aDisturbanceDoesNotReachRequestsThatJoinLater() {
    Reservation first = fleet.send(TestFleet.prompt(1, 2000));
    first.close(new Outcome.ClientLeft());
    endPrefill(fleet.send(TestFleet.prompt(2, 2000)));
    assertThat(secondsPerToken()).isNotEqualTo(unlearned);
  }

  @Test
  void reportedLoadOfOtherClientsDisturbsThoseThatWait() {
    Reservation reservation = fleet.send(TestFleet.prompt(1, 2000));
    fleet.fleet.report(replica.id(), new EngineLoad(5, 0, 0.1));
    fleet.fleet.report(replica.id(), new EngineLoad(0, 0, 0));
    endPrefill(reservation);
    assertThat(secondsPerToken()).isEqualTo(unlearned);
  }

  @Test
  void aNonStreamedRequestDisturbsLaterOnesUntilItsEstimatedPrefillHasElapsed() {
    fleet.send(TestFleet.unstreamed(TestFleet.prompt(1, 2000)));
    endPrefill(fleet.send(TestFleet.prompt(2, 2000)));
    assertThat(secondsPerToken()).isEqualTo(unlearned);
    endPrefill(fleet.send(TestFleet.prompt(3, 2000)));
    assertThat(secondsPerToken()).isNotEqualTo(unlearned);
  }
}
