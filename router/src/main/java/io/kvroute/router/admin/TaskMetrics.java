package io.kvroute.router.admin;

import io.kvroute.router.guard.Guards;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts errors in long-lived tasks. Thread-safe. */
public final class TaskMetrics implements Guards.FaultCounter {

  private final MeterRegistry registry;

  public TaskMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void count(String task) {
    registry.counter("kvroute.task.failures", "task", task).increment();
  }
}
