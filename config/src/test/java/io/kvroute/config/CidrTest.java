package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, 8",
    "192.0.2.7, 192.0.2.7, 32",
    "0.0.0.0/0, 0.0.0.0, 0",
    "::1, 0:0:0:0:0:0:0:1, 128",
    "2001:db8::/32, 2001:db8:0:0:0:0:0:0, 32"
  })
  void readsAddressesAndBlocks(String text, String base, int bits) {
    Cidr cidr = Objects.requireNonNull(Cidr.parse(text));
    assertThat(cidr.base().getHostAddress()).isEqualTo(base);
    assertThat(cidr.bits()).isEqualTo(bits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "10.0.0.0/33",
        "10.0/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "::1/129",
        "256.0.0.1",
        "fe80::1%eth0/64",
        "0x0a.0.0.1"
      })
  void rejectsWhatIsNeither(String text) {
    assertThat(Cidr.parse(text)).isNull();
  }
}
