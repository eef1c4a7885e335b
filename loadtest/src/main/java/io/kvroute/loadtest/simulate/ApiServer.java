package io.kvroute.loadtest.simulate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * An engine's API server: one event loop, which does one task after another. Tasks that take no
 * time are done at once. Not thread-safe.
 */
final class ApiServer {

  private record Task(double nanos, Runnable done) {}

  private final Noise noise;
  private final Host host;
  private final SplittableRandom random;
  private final Deque<Task> queue = new ArrayDeque<>();
  private boolean busy;

  ApiServer(Noise noise, Host host, SplittableRandom random) {
    this.noise = noise;
    this.host = host;
    this.random = random;
  }

  /** A request comes. */
  void request(int promptTokens, Runnable done) {
    add(
        noise.request(noise.requestNanos() + promptTokens * noise.promptTokenNanos(), random),
        done);
  }

  /** A token is to go out. */
  void chunk(Runnable done) {
    add(noise.step(noise.chunkNanos(), random), done);
  }

  private void add(double nanos, Runnable done) {
    queue.addLast(new Task(nanos, done));
    if (!busy) {
      next();
    }
  }

  private void next() {
    busy = true;
    for (Task task = queue.pollFirst(); task != null; task = queue.pollFirst()) {
      if (task.nanos > 0) {
        Runnable done = task.done;
        host.run(
            task.nanos,
            () -> {
              done.run();
              next();
            });
        return;
      }
      task.done.run();
    }
    busy = false;
  }
}
