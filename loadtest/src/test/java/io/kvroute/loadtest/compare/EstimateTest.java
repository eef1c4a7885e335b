package io.kvroute.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvroute.loadtest.simulate.Answered;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the statistics of the comparison table. */
final class EstimateTest {

  /** Values from tables of Student's t, two-sided, 95 percent. */
  @ParameterizedTest
  @CsvSource({"3, 4.3027, 0.02", "6, 2.5706, 0.003", "10, 2.2622, 0.001", "20, 2.0930, 0.001"})
  void theMarginFollowsStudentsT(int runs, double quantile, double tolerance) {
    double[] values = IntStream.range(0, runs).mapToDouble(i -> i % 2).toArray();
    double mean = IntStream.range(0, runs).mapToDouble(i -> values[i]).average().orElseThrow();
    double variance =
        IntStream.range(0, runs).mapToDouble(i -> Math.pow(values[i] - mean, 2)).sum() / (runs - 1);
    Estimate estimate = Estimate.of(values);
    assertThat(estimate.mean()).isEqualTo(mean);
    assertThat(estimate.margin() / Math.sqrt(variance / runs))
        .isEqualTo(quantile, within(tolerance * quantile));
  }

  @Test
  void oneRunHasNoMargin() {
    assertThat(Estimate.of(3)).isEqualTo(new Estimate(3, 0));
  }

  @Test
  void aRunIsSummedUpByMeanRankAndSharesOfTokens() {
    List<Answered> answered = new ArrayList<>();
    for (int i = 100; i >= 1; i--) {
      answered.add(new Answered(null, 0, 0, i * 1_000_000_000L, 0, 100, 0, i <= 50 ? 64 : 0));
    }
    assertThat(Run.of(answered)).isEqualTo(new Run(50.5, 95, 0.32, Double.NaN));
  }

  @Test
  void aPolicyIsHeldAgainstTheBestOfTheOthers() {
    List<PolicyResult> all = List.of(result("a", 2), result("b", 3), result("c", 4));
    assertThat(all.get(0).againstBestOther(all)).hasValue(2.0 / 3);
    assertThat(all.get(1).againstBestOther(all)).hasValue(1.5);
    assertThat(all.get(2).againstBestOther(all)).hasValue(2.0);
  }

  private static PolicyResult result(String policy, double seconds) {
    return new PolicyResult(policy, List.of(new Run(seconds, 0, 0, Double.NaN)));
  }
}
