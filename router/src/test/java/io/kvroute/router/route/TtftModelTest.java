package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

final class TtftModelTest {

  private static final double OVERHEAD = 0.03;
  private static final double PER_WAITING = 0.007;
  private static final double PER_TOKEN = 1.5e-4;
  private static final double PER_DECODING = 0.005;

  private final TtftModel model = new TtftModel();
  private final SplittableRandom random = new SplittableRandom(5);

  /** Learns from an engine with the coefficients above; {@code noise} multiplies each time. */
  private void learn(int samples, double perDecoding, IntToDoubleFunction noise) {
    for (int i = 0; i < samples; i++) {
      TtftModel.Inputs inputs =
          new TtftModel.Inputs(random.nextInt(5), random.nextInt(100, 3000), random.nextInt(6));
      double seconds =
          OVERHEAD
              + PER_WAITING * inputs.waiting()
              + PER_TOKEN * inputs.work()
              + perDecoding * inputs.decoding();
      model.learn(inputs, seconds * noise.applyAsDouble(i));
    }
  }

  private double uniformNoise(int sample) {
    return 1 + 0.3 * (random.nextDouble() - 0.5);
  }

  @Test
  void theFourCoefficientsAreLearned() {
    learn(300, PER_DECODING, this::uniformNoise);
    assertThat(model.overheadSeconds()).isCloseTo(OVERHEAD, within(0.15 * OVERHEAD));
    assertThat(model.secondsPerWaiting()).isCloseTo(PER_WAITING, within(0.25 * PER_WAITING));
    assertThat(model.secondsPerToken()).isCloseTo(PER_TOKEN, within(0.05 * PER_TOKEN));
    TtftModel.Inputs decoding = new TtftModel.Inputs(0, 1000, 4);
    TtftModel.Inputs idle = new TtftModel.Inputs(0, 1000, 0);
    assertThat(model.predict(decoding) - model.predict(idle))
        .isCloseTo(4 * PER_DECODING, within(0.25 * 4 * PER_DECODING));
  }

  @Test
  void outliersOfTenTimesTheTimeMoveCoefficientsLittle() {
    learn(300, PER_DECODING, i -> i % 10 == 0 ? 10 : uniformNoise(i));
    assertThat(model.secondsPerToken()).isCloseTo(PER_TOKEN, within(0.3 * PER_TOKEN));
    assertThat(model.overheadSeconds()).isLessThan(2 * OVERHEAD);
  }

  @Test
  void decodingSequencesThatCostNothingHaveNoSignificantCost() {
    learn(300, 0, this::uniformNoise);
    assertThat(model.significantSecondsPerDecoding()).isZero();
  }

  @Test
  void decodingSequencesThatCostMuchHaveASignificantCost() {
    learn(300, 10 * PER_DECODING, this::uniformNoise);
    assertThat(model.significantSecondsPerDecoding())
        .isBetween(3 * PER_DECODING, 10 * PER_DECODING);
  }

  @Test
  void noCoefficientIsNegativeWhateverIsLearned() {
    for (int i = 0; i < 2000; i++) {
      TtftModel.Inputs inputs =
          new TtftModel.Inputs(random.nextInt(9), 1 + random.nextInt(100_000), random.nextInt(50));
      model.learn(inputs, random.nextDouble() * random.nextDouble() * 5);
      assertThat(model.overheadSeconds()).isNotNegative();
      assertThat(model.secondsPerWaiting()).isNotNegative();
      assertThat(model.secondsPerToken()).isPositive();
      assertThat(model.significantSecondsPerDecoding()).isNotNegative();
      assertThat(model.predict(inputs)).isPositive().isFinite();
    }
  }

  @Test
  void enginesThatBecomeSlowerAreLearnedAgain() {
    learn(600, 0, this::uniformNoise);
    learn(1200, 0, i -> 3 * uniformNoise(i));
    assertThat(model.secondsPerToken()).isGreaterThan(2.5 * PER_TOKEN);
  }
}
