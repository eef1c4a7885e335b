package io.kvroute.router.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.testing.CapturedLog;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class SampledLogTest {

  private static final String NAME = "io.kvroute.test.sampled";

  private long nowNanos;

  @Test
  void writesFiveLinesOfAKindInTenSecondsAndCountsTheOthers() {
    SampledLog log = new SampledLog(LoggerFactory.getLogger(NAME), () -> nowNanos);
    try (CapturedLog captured = new CapturedLog(NAME)) {
      for (int i = 0; i < 1_000; i++) {
        log.warn("r1 connect", "request {}: {}", i, "failed");
      }
      log.warn("r2 connect", "another kind");
      assertThat(captured.messages())
          .containsExactly(
              "request 0: failed",
              "request 1: failed",
              "request 2: failed",
              "request 3: failed",
              "request 4: failed",
              "another kind");

      nowNanos += TimeUnit.SECONDS.toNanos(11);
      log.warn("r1 connect", "request {}: {}", 1_000, "failed");
      log.warn("r1 connect", "request {}: {}", 1_001, "failed");
      assertThat(captured.messages())
          .endsWith(
              "request 1000: failed (995 more of this kind since the last line)",
              "request 1001: failed");
    }
  }
}
