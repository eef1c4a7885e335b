package io.kvroute.router.route;

import static io.kvroute.router.route.TestFleet.prompt;
import static io.kvroute.router.route.TestFleet.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.keys.PromptKeys;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Everything that a pick reserves is released once, on every path. */
final class ReservationTest {

  private static final Outcome COMPLETED = TestFleet.completed(100);

  private static final List<Outcome> OUTCOMES =
      List.of(
          COMPLETED,
          new Outcome.Completed(
              100, 7, 64, new Outcome.Answer.Ids(new int[] {1, 2, 3, 4, 5, 6, 7})),
          new Outcome.Refused(400),
          new Outcome.Refused(503),
          new Outcome.ClientLeft(),
          new Outcome.ReplicaFailed("connection-lost"),
          new Outcome.ReplicaFailed("connect", false));

  private final TestFleet fixture = new TestFleet(3, "round-robin", 1);

  @Test
  void aPickReservesAndEveryOutcomeReleases() {
    for (Outcome outcome : OUTCOMES) {
      for (boolean prefilled : List.of(true, false)) {
        Reservation reservation = fixture.send(prompt(1, 100));
        assertThat(inflight()).isEqualTo(1);
        assertThat(queuedTokens()).isPositive();
        if (prefilled) {
          reservation.firstToken();
          assertThat(queuedTokens()).isZero();
          reservation.generated(40);
        }
        reservation.close(outcome);
        reservation.close(COMPLETED);
        reservation.firstToken();
        reservation.generated(40);
        fixture.assertNothingIsReserved();
      }
    }
  }

  @Test
  void aRetryNeverReturnsToAReplicaThatWasSentTheRequest() {
    Reservation first = fixture.send(prompt(1, 100));
    first.close(new Outcome.ReplicaFailed("connection-lost"));
    for (int i = 0; i < 6; i++) {
      Reservation retry = fixture.send(query(prompt(1, 100), Set.of(first.replica().id())));
      assertThat(retry.replica().id()).isNotEqualTo(first.replica().id());
      retry.close(COMPLETED);
    }
    Set<ReplicaId> all =
        Set.of(
            fixture.replicas.get(0).id(),
            fixture.replicas.get(1).id(),
            fixture.replicas.get(2).id());
    assertThat(fixture.router.route(query(prompt(1, 100), all)))
        .isInstanceOf(Decision.NoneReady.class);
    fixture.assertNothingIsReserved();
  }

  @Test
  void aReplicaThatRefusesConnectionsIsDownUntilAProbeReachesIt() {
    Reservation reservation = fixture.send(prompt(1, 100));
    ReplicaId id = reservation.replica().id();
    reservation.close(new Outcome.ReplicaFailed("connect", false));
    assertThat(fixture.fleet.snapshot().replica(id))
        .extracting(ReplicaView::state)
        .isEqualTo(ReplicaState.DOWN);
    for (int i = 0; i < 6; i++) {
      assertThat(fixture.send(prompt(i, 10)).replica().id()).isNotEqualTo(id);
    }
    fixture.fleet.up(id);
    List<ReplicaId> next =
        IntStream.range(0, 3).mapToObj(i -> fixture.send(prompt(i, 10)).replica().id()).toList();
    assertThat(next).contains(id);
  }

  @Test
  void requestsInFlightAtARemovedReplicaReserveNothingAtTheNextInItsSlot() {
    Reservation reservation = fixture.send(prompt(1, 100));
    fixture.fleet.remove(reservation.replica().id());
    fixture.join(1);
    reservation.firstToken();
    reservation.close(COMPLETED);
    fixture.assertNothingIsReserved();
  }

  @Test
  void signalsOfARequestAtARemovedReplicaLeaveTheNextReplicaInItsSlotAlone() {
    TestFleet fleet = new TestFleet(1, "kv-aware", 1);
    Reservation reservation = fleet.send(prompt(1, 100));
    fleet.fleet.remove(reservation.replica().id());
    Replica next = fleet.join(1);
    assertThat(next.slot()).isEqualTo(reservation.replica().slot());
    fleet.fleet.report(next.id(), TestFleet.facts(32, 11));
    Explanation before = fleet.router.explain(query(prompt(2, 1000)));
    assertThat(before.replicas().getFirst().cost().evict()).isPositive();
    reservation.firstToken();
    reservation.generated(40);
    reservation.close(COMPLETED);
    assertThat(fleet.router.explain(query(prompt(2, 1000)))).isEqualTo(before);
  }

  @Test
  void anUnknownModelDiffersFromAModelWithoutReadyReplicas() {
    PromptKeys prompt = prompt(1, 100);
    assertThat(fixture.router.route(new RouteQuery("other", prompt, null, 1, Set.of())))
        .isInstanceOf(Decision.UnknownModel.class);
    fixture.replicas.forEach(replica -> fixture.fleet.down(replica.id(), "gone"));
    assertThat(fixture.router.route(query(prompt))).isInstanceOf(Decision.NoneReady.class);
  }

  private int inflight() {
    return fixture.allStats().stream().mapToInt(ReplicaStats::inflight).sum();
  }

  private long queuedTokens() {
    return fixture.allStats().stream().mapToLong(ReplicaStats::queuedPrefillTokens).sum();
  }
}
