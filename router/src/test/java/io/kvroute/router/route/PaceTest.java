package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PaceTest {

  private final Pace pace = new Pace();
  private final SplittableRandom random = new SplittableRandom(5);
  private long nanos;

  private void add(double ratio) {
    nanos += 1_000_000_000L;
    pace.add(0.2 * ratio, 0.2, nanos);
  }

  private double noise(double deviation) {
    return Math.exp(deviation * random.nextGaussian());
  }

  @Test
  void aThirdOfDisturbedSamplesMovesTheMedianLittle() {
    for (int i = 0; i < 96; i++) {
      add(i % 3 == 0 ? 8 : 2 * noise(0.1));
    }
    assertThat(Math.exp(pace.logRatio())).isCloseTo(2, within(0.2));
  }

  @Test
  void theStandardErrorFallsWithSamplesAndRisesWithAge() {
    assertThat(pace.standardError(nanos)).isInfinite();
    add(1);
    double young = pace.standardError(nanos);
    for (int i = 0; i < 32; i++) {
      add(1);
    }
    double mature = pace.standardError(nanos);
    assertThat(mature).isLessThan(young / 4);
    assertThat(pace.standardError(nanos + 3_600_000_000_000L)).isGreaterThan(young);
  }

  @Test
  void observedDeviationStartsAtZeroAndDeviationAtThePrior() {
    assertThat(pace.observedLogDeviation()).isZero();
    assertThat(pace.logDeviation()).isEqualTo(Pace.PRIOR_DEVIATION);
    for (int i = 0; i < 32; i++) {
      add(noise(0.3));
    }
    assertThat(pace.observedLogDeviation()).isCloseTo(0.3, within(0.12));
    assertThat(pace.logDeviation()).isGreaterThan(pace.observedLogDeviation());
  }

  @Test
  void aReplicaThatBecomesSlowerIsDetectedWithinOneWindow() {
    for (int i = 0; i < 32; i++) {
      add(noise(0.1));
    }
    for (int i = 0; i < 32; i++) {
      add(3 * noise(0.1));
    }
    assertThat(Math.exp(pace.logRatio())).isCloseTo(3, within(0.3));
  }

  @Test
  void aFirstTokenThatTakesNoTimeCountsAsVeryFast() {
    add(0);
    assertThat(pace.logRatio()).isNegative().isFinite();
  }
}
