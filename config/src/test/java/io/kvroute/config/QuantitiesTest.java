package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class QuantitiesTest {

  @Test
  void sizesHaveBinaryUnits() {
    assertThat(Quantities.bytes("4096")).isEqualTo(4096);
    assertThat(Quantities.bytes("64KiB")).isEqualTo(65_536);
    assertThat(Quantities.bytes("1 GiB")).isEqualTo(1L << 30);
    assertThat(Quantities.bytes("1MB")).isNull();
    assertThat(Quantities.bytes("-1")).isNull();
    assertThat(Quantities.bytes("999999999999999GiB")).isNull();
  }

  @Test
  void durationsNeedAUnit() {
    assertThat(Quantities.duration("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(Quantities.duration("2h")).isEqualTo(Duration.ofHours(2));
    assertThat(Quantities.duration("30")).isNull();
    assertThat(Quantities.duration("1.5s")).isNull();
    assertThat(Quantities.duration("1d")).isNull();
  }

  @Test
  void decimalsFitAnInt() {
    assertThat(Quantities.decimal("2147483647")).isEqualTo(Integer.MAX_VALUE);
    assertThat(Quantities.decimal("2147483648")).isNull();
    assertThat(Quantities.decimal("")).isNull();
    assertThat(Quantities.decimal("1e3")).isNull();
  }
}
