package io.kvroute.loadtest.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * A machine whose cores several processes share. A task that begins while more processes compute
 * than there are cores takes longer in that proportion, to its end: what begins or ends meanwhile
 * is left out, which evens out over many tasks. Not thread-safe.
 */
public final class Host {

  private final double cores;
  private final List<Worker> workers = new ArrayList<>();

  /** A machine with so many cores for what is simulated on it. */
  public Host(double cores) {
    if (!(cores > 0)) {
      throw new IllegalArgumentException("cores: " + cores + " (expected: > 0)");
    }
    this.cores = cores;
  }

  /** A process that computes one task at a time. */
  Worker worker() {
    Worker worker = new Worker();
    workers.add(worker);
    return worker;
  }

  /** One process on the machine. */
  final class Worker {

    private long busyUntilNanos;

    private Worker() {}

    /**
     * Begins a task.
     *
     * @param alone what it would take with a core of its own
     * @return what it takes
     */
    long compute(long nowNanos, double alone) {
      double computing = 1;
      for (Worker other : workers) {
        if (other != this && other.busyUntilNanos > nowNanos) {
          computing++;
        }
      }
      long taken = Math.round(alone * Math.max(1, computing / cores));
      busyUntilNanos = nowNanos + taken;
      return taken;
    }
  }
}
