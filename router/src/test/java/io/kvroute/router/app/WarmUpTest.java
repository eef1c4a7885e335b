package io.kvroute.router.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.config.Config;
import io.kvroute.config.ConfigException;
import io.kvroute.config.ConfigSources;
import io.kvroute.router.testing.NoBufferLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests that a new router sends to itself. */
@ExtendWith(NoBufferLeaks.class)
final class WarmUpTest {

  private static Config policy(String name) throws ConfigException {
    return new ConfigSources().set("policy", name).load();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kv-aware", "round-robin"})
  void areAllAnsweredAndLeaveNoThread(String policy) throws Exception {
    assertThat(new WarmUp(policy(policy), Duration.ofSeconds(8)).run()).isGreaterThanOrEqualTo(100);

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("data-") || name.startsWith("encode"));
  }

  @Test
  void endInTimeWithoutATokenizer() throws Exception {
    assertThat(new WarmUp(policy("kv-aware"), Duration.ofMillis(1)).run()).isZero();
  }
}
