package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NumbersTest {

  @Test
  void sizesHaveBinaryUnits() {
    assertThat(Numbers.bytes("4096")).isEqualTo(4096);
    assertThat(Numbers.bytes("64KiB")).isEqualTo(65_536);
    assertThat(Numbers.bytes("1 GiB")).isEqualTo(1L << 30);
    assertThat(Numbers.bytes("1MB")).isNull();
    assertThat(Numbers.bytes("-1")).isNull();
    assertThat(Numbers.bytes("999999999999999GiB")).isNull();
  }

  @Test
  void durationsNeedAUnit() {
    assertThat(Numbers.duration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Numbers.duration("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(Numbers.duration("30")).isNull();
    assertThat(Numbers.duration("1.5s")).isNull();
    assertThat(Numbers.duration("1d")).isNull();
  }

  @Test
  void decimalsFitAnInt() {
    assertThat(Numbers.decimal("2147483647")).isEqualTo(Integer.MAX_VALUE);
    assertThat(Numbers.decimal("2147483648")).isNull();
    assertThat(Numbers.decimal("")).isNull();
    assertThat(Numbers.decimal("1e3")).isNull();
  }
}
