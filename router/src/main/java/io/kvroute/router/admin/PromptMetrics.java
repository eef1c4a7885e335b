package io.kvroute.router.admin;

import io.kvroute.router.prompt.PromptKind;
import io.kvroute.router.prompt.PromptObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/**
 * Times the steps from a request body to keys, and counts prompts for which the engine reports
 * another number of tokens than the router. Thread-safe.
 */
public final class PromptMetrics implements PromptObserver {

  private final MeterRegistry registry;
  private final Timer render;
  private final Timer tokenize;

  public PromptMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.render = OverheadTimers.of(Stage.RENDER.label(), registry);
    this.tokenize = OverheadTimers.of(Stage.TOKENIZE.label(), registry);
  }

  @Override
  public void completed(Stage stage, long nanos) {
    Timer timer =
        switch (stage) {
          case RENDER -> render;
          case TOKENIZE -> tokenize;
        };
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void mismatched(String model, PromptKind kind) {
    registry.counter("kvroute.token.mismatch", "model", model, "kind", kind.label()).increment();
  }
}
