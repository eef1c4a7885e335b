package io.kvroute.loadtest.simulate;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A simulated single-threaded process: runs one task after another on a {@link Host}. A task that
 * takes no time runs at once if the queue is empty. Not thread-safe.
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
   * @param nanos CPU time on a core of its own
   * @param done called when the task ends
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
