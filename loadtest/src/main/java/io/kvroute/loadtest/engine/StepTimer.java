package io.kvroute.loadtest.engine;

import java.util.List;

/** Gives the duration of an engine's steps. */
@FunctionalInterface
public interface StepTimer {

  /**
   * The duration of one step in nanoseconds, at least 1.
   *
   * @param work the step's parts, in the order in which they were scheduled
   * @param startNanos when the step starts
   */
  long stepNanos(List<StepWork> work, long startNanos);
}
