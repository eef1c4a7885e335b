package io.kvroute.router.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GuardTest {

  private final List<String> counted = new ArrayList<>();
  private long nowMillis = 5_000;
  private final Guards guards = new Guards(counted::add, () -> nowMillis);
  private final Guard guard = guards.guard("probes", "r1");

  private static void fail() {
    throw new IllegalStateException("on purpose");
  }

  @Test
  void successIsNotCountedAndNeedsNoBackoff() {
    assertThat(guard.run(() -> {})).isTrue();
    assertThat(counted).isEmpty();
    assertThat(guard.isBackingOff()).isFalse();
  }

  @Test
  void faultsAreCountedAndTheBackoffDoublesUpToAMinute() {
    for (long backoff : new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
      assertThat(guard.run(GuardTest::fail)).isFalse();
      assertThat(guard.backoffLeftMillis()).isEqualTo(backoff);
      nowMillis += backoff;
      assertThat(guard.isBackingOff()).isFalse();
    }
    assertThat(counted).hasSize(8).containsOnly("probes");
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
  void onlyTheFirstFaultIsNewUntilThePartWorksAgain() {
    assertThat(guard.failed()).isTrue();
    assertThat(guard.failed()).isFalse();
    guard.succeeded();
    assertThat(guard.failed()).isTrue();
    assertThat(guard.backoffLeftMillis()).isEqualTo(1_000);
  }

  @Test
  void eachPartHasAGuardOfItsOwnUntilItIsRemoved() {
    PartGuards<String> parts = guards.parts("probes");
    parts.of("r1").failed();
    assertThat(parts.of("r1").isBackingOff()).isTrue();
    assertThat(parts.of("r2").isBackingOff()).isFalse();
    parts.retainIf("r2"::equals);
    assertThat(parts.size()).isOne();
    assertThat(parts.of("r1").isBackingOff()).isFalse();
  }
}
