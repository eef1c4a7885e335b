package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.Replica;
import org.junit.jupiter.api.Test;

/** A replica whose engine makes no progress is found out, whatever its API server answers. */
final class ReplicaHealthTest {

  private final TestFleet fleet = new TestFleet(2, "round-robin", 1);
  private final Replica bad = fleet.replicas.getFirst();
  private int seed;

  private Reservation send() {
    return fleet.send(TestFleet.prompt(seed++, 500));
  }

  private void warmUp() {
    for (int i = 0; i < 20; i++) {
      fleet.serve(TestFleet.prompt(seed++, 500), 110);
    }
  }

  private Health.State stateOf(Replica replica) {
    fleet.router.watch();
    return fleet.stats(replica).health().state();
  }

  /** Sends requests until one is at the bad replica. */
  private Reservation sendToBad() {
    while (true) {
      Reservation reservation = send();
      if (reservation.replica().equals(bad)) {
        return reservation;
      }
      fleet.passMillis(110);
      reservation.firstToken();
      reservation.close(TestFleet.completed(500));
    }
  }

  /** Requests that get to the bad replica, whose clients leave after a while without a token. */
  private int sentToHungReplica(int requests, long patienceMillis) {
    int sent = 0;
    for (int i = 0; i < requests; i++) {
      Reservation reservation = send();
      if (reservation.replica().equals(bad)) {
        sent++;
        fleet.passMillis(patienceMillis);
        reservation.close(new Outcome.ClientLeft());
      } else {
        fleet.passMillis(110);
        reservation.firstToken();
        reservation.close(TestFleet.completed(500));
      }
      fleet.router.watch();
    }
    return sent;
  }

  @Test
  void clientsThatLeaveAHungEngineAreNoEvidenceInItsFavour() {
    warmUp();
    assertThat(sentToHungReplica(100, 1_000)).isBetween(2, 12);
    assertThat(fleet.stats(bad).health().state()).isEqualTo(Health.State.OUT);
    assertThat(fleet.stats(bad).health().reason()).startsWith("no token for");
    fleet.assertNothingIsReserved();
  }

  @Test
  void anEngineThatHangsFromTheStartIsFoundOutToo() {
    assertThat(sentToHungReplica(100, 2_400)).isBetween(3, 14);
    assertThat(stateOf(bad)).isEqualTo(Health.State.OUT);
  }

  @Test
  void clientsWhoLeaveBeforeTheirTokenIsDueAreNoEvidenceAgainstTheReplica() {
    warmUp();
    assertThat(sentToHungReplica(200, 40)).isEqualTo(100);
    assertThat(stateOf(bad)).isEqualTo(Health.State.WELL);
  }

  @Test
  void aLongPrefillIsNotTakenForAHang() {
    warmUp();
    Reservation first = sendToBad();
    first.firstToken();
    first.close(TestFleet.completed(500));
    Reservation other = fleet.send(TestFleet.prompt(seed++, 60_000));
    Reservation large = fleet.send(TestFleet.prompt(seed++, 60_000));
    fleet.passMillis(11_000);
    assertThat(stateOf(other.replica())).isEqualTo(Health.State.WELL);
    assertThat(stateOf(large.replica())).isEqualTo(Health.State.WELL);
  }

  @Test
  void aReplicaWhoseStreamsProgressIsNotLate() {
    warmUp();
    Reservation stream = sendToBad();
    stream.firstToken();
    Reservation waiting = sendToBad();
    for (int i = 0; i < 20; i++) {
      fleet.passMillis(1_000);
      stream.progressed(1_000_000_000L);
      assertThat(stateOf(bad)).isEqualTo(Health.State.WELL);
    }
    waiting.close(new Outcome.ClientLeft());
    stream.close(TestFleet.completed(500));
  }

  @Test
  void aSilenceThatWasCutCountsAsAPauseIfTheEngineWorks() {
    warmUp();
    Reservation stream = sendToBad();
    stream.firstToken();
    stream.cutAfter(11_000_000_000L);
    stream.close(new Outcome.ReplicaFailed("silent"));
    Reservation next = sendToBad();
    assertThat(next.longestPauseNanos()).isZero();
    next.firstToken();
    assertThat(next.longestPauseNanos()).isEqualTo(11_000_000_000L);
    next.close(TestFleet.completed(500));
  }

  @Test
  void aSilenceThatWasCutIsForgottenIfTheEngineStaysSilentOrRestarts() {
    warmUp();
    Reservation stream = sendToBad();
    stream.firstToken();
    stream.cutAfter(11_000_000_000L);
    stream.close(new Outcome.ReplicaFailed("silent"));
    fleet.passMillis(61_000);
    Reservation next = sendToBad();
    next.firstToken();
    assertThat(next.longestPauseNanos()).isZero();
    next.progressed(20_000_000_000L);
    assertThat(next.longestPauseNanos()).isEqualTo(20_000_000_000L);
    fleet.fleet.restarted(bad.id());
    assertThat(next.longestPauseNanos()).isZero();
    next.close(TestFleet.completed(500));
  }

  @Test
  void silenceOfAnAnswerThatIsNotStreamedIsNoEvidence() {
    warmUp();
    Reservation whole = fleet.send(TestFleet.unstreamed(TestFleet.prompt(seed++, 500)));
    fleet.passMillis(600_000);
    assertThat(stateOf(whole.replica())).isEqualTo(Health.State.WELL);
    whole.close(TestFleet.completed(500));
  }

  @Test
  void answersThatAreNotTheEnginesDoNotClearIt() {
    int failed = 0;
    for (int i = 0; i < 50; i++) {
      Reservation reservation = send();
      fleet.passMillis(20);
      if (!reservation.replica().equals(bad)) {
        reservation.firstToken();
        reservation.close(TestFleet.completed(500));
      } else if (i % 4 < 2) {
        failed++;
        reservation.close(new Outcome.Refused(500));
      } else {
        reservation.close(i % 8 < 4 ? new Outcome.Refused(400) : new Outcome.Relayed());
      }
    }
    assertThat(failed).isBetween(1, 6);
    assertThat(stateOf(bad)).isEqualTo(Health.State.OUT);
  }

  @Test
  void oneRequestAtATimeTriesAReplicaThatIsOutAndATokenBringsItBack() {
    sendToBad().close(new Outcome.Refused(500));
    sendToBad().close(new Outcome.Refused(500));
    assertThat(stateOf(bad)).isEqualTo(Health.State.OUT);
    fleet.passMillis(600);
    Reservation trial = sendToBad();
    for (int i = 0; i < 10; i++) {
      Reservation beside = send();
      assertThat(beside.replica()).isNotEqualTo(bad);
      beside.firstToken();
      beside.close(TestFleet.completed(500));
    }
    trial.close(new Outcome.Refused(429));
    assertThat(stateOf(bad)).as("a 429 is neutral").isEqualTo(Health.State.OUT);
    Reservation again = sendToBad();
    again.firstToken();
    assertThat(stateOf(bad)).isEqualTo(Health.State.WELL);
    again.close(TestFleet.completed(500));
  }

  @Test
  void whileATrialWaitsAtAHungEngineNoOtherRequestIsSentThere() {
    warmUp();
    Reservation first = sendToBad();
    fleet.passMillis(3_000);
    assertThat(stateOf(bad)).isEqualTo(Health.State.OUT);
    fleet.passMillis(600);
    Reservation trial = sendToBad();
    for (int i = 0; i < 32; i++) {
      fleet.passMillis(250);
      fleet.router.watch();
      Reservation beside = send();
      assertThat(beside.replica()).isNotEqualTo(bad);
      beside.firstToken();
      beside.close(TestFleet.completed(500));
    }
    assertThat(trial.isReplicaStalled(8_000_000_000L)).isTrue();
    trial.close(new Outcome.ClientLeft());
    first.close(new Outcome.ClientLeft());
    Reservation afterwards = send();
    assertThat(afterwards.replica()).as("the trial failed").isNotEqualTo(bad);
    afterwards.close(TestFleet.completed(500));
    fleet.assertNothingIsReserved();
  }

  @Test
  void aTrialThatFailsDoublesTheTimeOut() {
    sendToBad().close(new Outcome.Refused(500));
    sendToBad().close(new Outcome.Refused(500));
    fleet.passMillis(600);
    sendToBad().close(new Outcome.ReplicaFailed("connection-lost"));
    fleet.passMillis(700);
    for (int i = 0; i < 4; i++) {
      Reservation beside = send();
      assertThat(beside.replica()).isNotEqualTo(bad);
      beside.close(TestFleet.completed(500));
    }
    fleet.passMillis(400);
    sendToBad().close(TestFleet.completed(500));
    assertThat(stateOf(bad)).isEqualTo(Health.State.WELL);
  }

  @Test
  void aNewEngineProcessStartsWithACleanRecord() {
    sendToBad().close(new Outcome.Refused(500));
    sendToBad().close(new Outcome.Refused(500));
    fleet.fleet.restarted(bad.id());
    assertThat(stateOf(bad)).isEqualTo(Health.State.WELL);
  }

  @Test
  void aReplicaThatAskedForAPauseIsPickedAgainAfterIt() {
    sendToBad().close(new Outcome.Refused(429, 5_000_000_000L));
    for (int i = 0; i < 10; i++) {
      fleet.passMillis(490);
      Reservation beside = send();
      assertThat(beside.replica()).isNotEqualTo(bad);
      beside.close(TestFleet.completed(500));
    }
    fleet.passMillis(200);
    sendToBad().close(TestFleet.completed(500));
  }
}
