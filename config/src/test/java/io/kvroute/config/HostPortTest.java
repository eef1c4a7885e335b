package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost:0", "0.0.0.0:8080", "[::1]:65535", "[::]:1"})
  void readsAndPrintsAnAddress(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", ":80", "8080", "a:", "a:b", "a:-1", "a:65536", "::1:80", "[a]:80", " :1"})
  void rejectsInvalidAddresses(String text) {
    assertThat(HostPort.parse(text)).isNull();
  }
}
