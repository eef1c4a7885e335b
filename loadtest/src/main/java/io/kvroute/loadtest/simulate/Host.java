package io.kvroute.loadtest.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Models a machine whose cores are shared by several processes (processor sharing): while more
 * tasks run than there are cores, all get an equal share, and no task gets more than one core.
 *
 * <p>{@code running} holds each task's remaining CPU time. When a task starts or ends, all tasks
 * progress by the elapsed time times the share, and the next end is planned anew. The counter
 * {@code plan} invalidates the end that was planned before. Cost: O(running tasks) per start and
 * end.
 *
 * <p>Example with 2 cores:
 *
 * <pre>
 * t = 0    run(10), run(10), run(10): three tasks, each gets 2/3 of a core
 * t = 6    run(4): each task has 10 - 6 * 2/3 = 6 left; four tasks, each gets 1/2
 * t = 14   the task of 4 ends; three tasks have 6 - 8 * 1/2 = 2 left, each gets 2/3
 * t = 17   the three tasks end
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class Host {

  private static final class Task {
    final Runnable done;
    double leftNanos;

    Task(double leftNanos, Runnable done) {
      this.leftNanos = leftNanos;
      this.done = done;
    }
  }

  private final VirtualClock clock;
  private final double cores;
  private final List<Task> running = new ArrayList<>();
  private long sinceNanos;
  private long plan;

  Host(VirtualClock clock, double cores) {
    if (!(cores > 0)) {
      throw new IllegalArgumentException("cores: " + cores + " (expected: > 0)");
    }
    this.clock = clock;
    this.cores = cores;
  }

  /**
   * Adds background load: tasks that arrive as a Poisson process.
   *
   * @param tasks mean number of tasks that would run if each had a core of its own; less than the
   *     number of cores
   * @param seconds mean CPU time of a task, exponentially distributed
   */
  public void otherWork(double tasks, double seconds, SplittableRandom random) {
    if (!(tasks > 0 && tasks < cores)) {
      throw new IllegalArgumentException(
          "tasks: %s (expected: > 0 and < %s, the cores)".formatted(tasks, cores));
    }
    clock.background(
        Noise.exponential(random, seconds / tasks),
        () -> {
          run(1e9 * Noise.exponential(random, seconds), () -> {});
          otherWork(tasks, seconds, random);
        });
  }

  /**
   * Starts a task.
   *
   * @param nanos CPU time on a core of its own
   * @param done called when the task ends
   */
  void run(double nanos, Runnable done) {
    progress();
    running.add(new Task(nanos, done));
    planNextEnd();
  }

  /** The share of a core that each task gets, at most 1. */
  private double share() {
    return Math.min(1, cores / running.size());
  }

  private void progress() {
    long now = clock.getAsLong();
    double done = (now - sinceNanos) * share();
    for (Task task : running) {
      task.leftNanos -= done;
    }
    sinceNanos = now;
  }

  private void planNextEnd() {
    long current = ++plan;
    if (running.isEmpty()) {
      return;
    }
    double least = Double.MAX_VALUE;
    for (Task task : running) {
      least = Math.min(least, task.leftNanos);
    }
    long after = Math.max(0, Math.round(least / share()));
    clock.at(
        clock.getAsLong() + after,
        () -> {
          if (plan == current) {
            end();
          }
        });
  }

  /** Ends the tasks whose remaining time is below the clock's resolution of 1 ns. */
  private void end() {
    progress();
    List<Task> ended = running.stream().filter(task -> task.leftNanos < 1).toList();
    running.removeAll(ended);
    planNextEnd();
    ended.forEach(task -> task.done.run());
  }
}
