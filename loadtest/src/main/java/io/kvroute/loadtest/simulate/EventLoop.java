package io.kvroute.loadtest.simulate;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A process that does one task after another on a machine. Tasks that take no time are done at once
 * if nothing is before them. Not thread-safe.
 */
final class EventLoop {

  private record Task(double nanos, Runnable done) {}

  private final Host host;
  private final Deque<Task> queue = new ArrayDeque<>();
  private boolean busy;

  EventLoop(Host host) {
    this.host = host;
  }

  /**
   * Queues a task.
   *
   * @param nanos what it takes with a core of its own
   * @param done what it leads to
   */
  void run(double nanos, Runnable done) {
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
