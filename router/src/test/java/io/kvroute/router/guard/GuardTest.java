package io.kvroute.router.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GuardTest {

  private final List<String> met = new ArrayList<>();
  private long nowMillis = 5_000;
  private final Guard guard = new Guards(met::add, () -> nowMillis).guard("probes", "r1");

  private static void fail() {
    throw new IllegalStateException("on purpose");
  }

  @Test
  void whatGoesWellIsNotCountedAndNeedsNoRest() {
    assertThat(guard.run(() -> {})).isTrue();
    assertThat(met).isEmpty();
    assertThat(guard.isResting()).isFalse();
  }

  @Test
  void aFaultIsCountedAndAnsweredByRestsThatDoubleUpToAMinute() {
    for (long rest : new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
      assertThat(guard.run(GuardTest::fail)).isFalse();
      assertThat(guard.restLeftMillis()).isEqualTo(rest);
      nowMillis += rest;
      assertThat(guard.isResting()).isFalse();
    }
    assertThat(met).hasSize(8).containsOnly("probes");
  }

  @Test
  void errorsAreFaultsToo() {
    assertThat(
            guard.run(
                () -> {
                  throw new StackOverflowError("on purpose");
                }))
        .isFalse();
  }

  @Test
  void onlyTheFirstFaultIsNewsUntilThePartWorkedAgain() {
    assertThat(guard.failed()).isTrue();
    assertThat(guard.failed()).isFalse();
    guard.succeeded();
    assertThat(guard.failed()).isTrue();
    assertThat(guard.restLeftMillis()).isEqualTo(1_000);
  }
}
