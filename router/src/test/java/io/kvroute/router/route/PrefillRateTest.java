package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PrefillRateTest {

  private static final double RATE = 1.5e-4;
  private static final double OVERHEAD = 0.03;

  private final PrefillRate rate = new PrefillRate();
  private final SplittableRandom random = new SplittableRandom(5);
  private long nanos;

  private void sample(double work, double factor) {
    nanos += 1_000_000_000L;
    rate.add(work, (OVERHEAD + RATE * work) * factor, true, nanos);
  }

  private double noise(double share) {
    return 1 + share * (random.nextDouble() - 0.5);
  }

  @Test
  void rateAndOverheadAreToldApartByRequestsOfDifferentLength() {
    for (int i = 0; i < 64; i++) {
      sample(random.nextInt(100, 6000), noise(0.1));
    }
    assertThat(rate.secondsPerToken()).isCloseTo(RATE, within(0.05 * RATE));
    assertThat(rate.overheadSeconds()).isCloseTo(OVERHEAD, within(0.3 * OVERHEAD));
  }

  @Test
  void aThirdOfDisturbedSamplesMovesLittle() {
    for (int i = 0; i < 96; i++) {
      sample(random.nextInt(500, 6000), i % 3 == 0 ? 8 : noise(0.1));
    }
    assertThat(rate.secondsPerToken()).isCloseTo(RATE, within(0.25 * RATE));
  }

  @Test
  void itIsSurerTheMoreItHasSeenAndLessSureTheLongerAgo() {
    assertThat(rate.errorOfLogRate(nanos)).isInfinite();
    sample(1000, 1);
    double young = rate.errorOfLogRate(nanos);
    for (int i = 0; i < 32; i++) {
      sample(1000, 1);
    }
    double mature = rate.errorOfLogRate(nanos);
    assertThat(mature).isLessThan(young / 4);
    assertThat(rate.errorOfLogRate(nanos + 3_600_000_000_000L)).isGreaterThan(young);
  }

  @Test
  void anEngineThatBecomesSlowerIsFollowedWithinItsWindow() {
    for (int i = 0; i < 32; i++) {
      sample(2000, 1);
    }
    for (int i = 0; i < 32; i++) {
      sample(2000, 3);
    }
    assertThat(rate.secondsPerToken()).isGreaterThan(2.5 * RATE);
  }
}
