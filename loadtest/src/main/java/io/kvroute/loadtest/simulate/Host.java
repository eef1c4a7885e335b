package io.kvroute.loadtest.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A machine whose cores several processes share: while more tasks run than there are cores, each
 * gets an equal part, and none ever gets more than one core (processor sharing). Not thread-safe.
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
   * Gives the machine other work too, as a Poisson process.
   *
   * @param tasks how many tasks would run on average if each had a core of its own, less than there
   *     are cores
   * @param seconds what a task takes then, exponentially distributed
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
   * Runs a task from now on.
   *
   * @param nanos what it takes with a core of its own
   * @param done what follows
   */
  void run(double nanos, Runnable done) {
    progress();
    running.add(new Task(nanos, done));
    planNextEnd();
  }

  /** How much of a core each task has. */
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

  /** Ends what has less left than the clock can tell. */
  private void end() {
    progress();
    List<Task> ended = running.stream().filter(task -> task.leftNanos < 1).toList();
    running.removeAll(ended);
    planNextEnd();
    ended.forEach(task -> task.done.run());
  }
}
