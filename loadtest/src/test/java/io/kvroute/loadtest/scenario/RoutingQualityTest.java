package io.kvroute.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.simulate.Answered;
import io.kvroute.loadtest.simulate.Knowledge;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays the scenarios of the report with fewer seeds, and limits the loss to other policies. */
final class RoutingQualityTest {

  private static final int SEEDS = 2;

  /** Noisy scenarios scatter more and are short, so they use as many seeds as the report. */
  private static final int NOISY_SEEDS = 20;

  /** The most by which the mean TTFT may exceed that of the best other policy. */
  private static final double TOLERANCE = 1.05;

  /** The policies that are the best other policy in some row of the report. */
  private static final List<String> OTHERS =
      List.of("prefix-hash", "session", "least-load", "round-robin");

  static List<Scenario> scenarios() {
    return Scenarios.all().stream()
        .filter(scenario -> !scenario.name().equals("thousand-replicas"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void kvAwareIsNowhereWorseThanTheBestOther(Scenario scenario) {
    double kvAware = meanTtft(scenario, "kv-aware");
    for (String policy : OTHERS) {
      assertThat(kvAware).as(policy).isLessThanOrEqualTo(TOLERANCE * meanTtft(scenario, policy));
    }
  }

  private static double meanTtft(Scenario scenario, String policy) {
    int seeds = scenario.name().startsWith("noisy-") ? NOISY_SEEDS : SEEDS;
    return LongStream.rangeClosed(1, seeds)
        .mapToDouble(seed -> meanTtft(scenario.play(policy, Knowledge.COUNTS, seed)))
        .average()
        .orElseThrow();
  }

  private static double meanTtft(List<Answered> answered) {
    return answered.stream().mapToLong(Answered::ttftNanos).average().orElseThrow();
  }
}
