package io.kvroute.router.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;

/** {@code kvroute_overhead_seconds}: the time spent in the router itself, by stage. */
final class OverheadTimers {

  private static final Duration[] BUCKETS =
      Arrays.stream(new long[] {10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000})
          .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
          .toArray(Duration[]::new);

  private OverheadTimers() {}

  static Timer of(String stage, MeterRegistry registry) {
    return Timer.builder("kvroute.overhead")
        .tag("stage", stage)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
