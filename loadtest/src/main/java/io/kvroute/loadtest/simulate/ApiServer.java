package io.kvroute.loadtest.simulate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * An engine's API server: one event loop, which does one task after another. Tasks that take no
 * time are done at once. Not thread-safe.
 */
final class ApiServer {

  private static final class Task {
    final double nanos;
    final Runnable done;

    Task(double nanos, Runnable done) {
      this.nanos = nanos;
      this.done = done;
    }
  }

  private final VirtualClock clock;
  private final Noise noise;
  private final Host.Worker worker;
  private final SplittableRandom random;
  private final Deque<Task> queue = new ArrayDeque<>();

  ApiServer(VirtualClock clock, Noise noise, Host.Worker worker, SplittableRandom random) {
    this.clock = clock;
    this.noise = noise;
    this.worker = worker;
    this.random = random;
  }

  /** A request comes. */
  void request(int promptTokens, Runnable done) {
    add(noise.requestNanos() + promptTokens * noise.promptTokenNanos(), done);
  }

  /** A token is to go out. */
  void chunk(Runnable done) {
    add(noise.chunkNanos(), done);
  }

  /** The process dies: what it had to do is never done. */
  void die() {
    queue.clear();
  }

  private void add(double nanos, Runnable done) {
    if (nanos == 0 && queue.isEmpty()) {
      done.run();
      return;
    }
    queue.addLast(new Task(nanos, done));
    if (queue.size() == 1) {
      begin(queue.getFirst());
    }
  }

  private void begin(Task task) {
    long now = clock.getAsLong();
    long taken = worker.compute(now, noise.disturbed(task.nanos, random));
    clock.at(now + taken, () -> end(task));
  }

  private void end(Task task) {
    if (queue.peekFirst() != task) {
      return;
    }
    task.done.run();
    queue.pollFirst();
    if (!queue.isEmpty()) {
      begin(queue.getFirst());
    }
  }
}
