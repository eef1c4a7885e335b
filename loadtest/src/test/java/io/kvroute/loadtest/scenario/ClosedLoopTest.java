package io.kvroute.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.simulate.Answered;
import io.kvroute.loadtest.simulate.Knowledge;
import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.router.route.RouterOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests clients with a limited number of requests in flight. */
final class ClosedLoopTest {

  private static List<Answered> answered(Traffic traffic) {
    VirtualFleet fleet = new VirtualFleet(RouterOptions.DEFAULTS, Knowledge.COUNTS, 3);
    fleet.join(EngineProfile.tinyOnCpu());
    fleet.join(EngineProfile.tinyOnCpu());
    traffic.play(fleet, new SplittableRandom(7));
    return fleet.run();
  }

  private static long endNanos(Answered one) {
    return one.sentNanos() + one.e2eNanos();
  }

  /** The largest number of requests in flight at the times at which a request was sent. */
  private static long mostAtOnce(List<Answered> answered) {
    return answered.stream()
        .mapToLong(
            sent ->
                answered.stream()
                    .filter(
                        other ->
                            other.sentNanos() <= sent.sentNanos()
                                && endNanos(other) > sent.sentNanos())
                    .count())
        .max()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6})
  void noMoreRequestsAreUnderWayThanAllowedAndSoManyAre(int atOnce) {
    List<Answered> answered =
        answered(
            new ClosedLoop(
                atOnce,
                0.01,
                IntRange.of(16),
                Dialogues.conversations(24, 5, 4, IntRange.of(160), IntRange.of(130))));
    assertThat(answered).hasSize(24 * 5);
    assertThat(mostAtOnce(answered)).isEqualTo(atOnce);
  }

  @Test
  void eachTurnOfAConversationFollowsTheAnswerBeforeAndHoldsIt() {
    List<Answered> turns =
        answered(NoisyScenarios.conversations(8, 5, 6)).stream()
            .filter(one -> "conversation-3".equals(one.conversation()))
            .toList();
    assertThat(turns).hasSize(5);
    for (int i = 1; i < 5; i++) {
      Answered before = turns.get(i - 1);
      assertThat(turns.get(i).sentNanos()).isGreaterThanOrEqualTo(endNanos(before));
      assertThat(turns.get(i).promptTokens()).isEqualTo(before.promptTokens() + 16 + 130);
    }
  }

  @Test
  void aBurstBeginsWhenTheOneBeforeHasEnded() {
    List<Answered> answered = new ArrayList<>(answered(NoisyScenarios.bursts(5, 6)));
    assertThat(answered).hasSize(30);
    Set<Long> begun = new HashSet<>();
    answered.forEach(one -> begun.add(one.sentNanos()));
    assertThat(begun).hasSize(5);
    for (int burst = 1; burst < 5; burst++) {
      List<Answered> before = answered.subList(6 * (burst - 1), 6 * burst);
      long ended = before.stream().mapToLong(ClosedLoopTest::endNanos).max().orElseThrow();
      assertThat(answered.get(6 * burst).sentNanos()).isEqualTo(ended);
    }
  }

  @Test
  void noTwoDialoguesHaveOneName() {
    assertThat(answered(NoisyScenarios.zipf(50, 6)))
        .extracting(one -> Objects.requireNonNull(one.conversation()))
        .doesNotHaveDuplicates();
  }
}
