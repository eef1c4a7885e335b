package io.kvroute.router.guard;

import java.util.function.LongSupplier;

/** Creates guards that share a fault counter and a clock. Thread-safe. */
public final class Guards {

  /** Counts every fault; called on the thread on which it occurred. */
  public interface FaultCounter {
    void count(String task);
  }

  private final FaultCounter faults;
  private final LongSupplier clockMillis;

  /**
   * Creates guards for one process.
   *
   * @param clockMillis milliseconds of any clock that does not go backwards
   */
  public Guards(FaultCounter faults, LongSupplier clockMillis) {
    this.faults = faults;
    this.clockMillis = clockMillis;
  }

  /**
   * Creates a guard for one part of a task.
   *
   * @param task the task's name, one of a few: it is the label of a metric
   * @param part names the part in the log: often a replica's id
   */
  public Guard guard(String task, Object part) {
    return new Guard(task, part, faults, clockMillis);
  }

  /** Creates guards for the parts of a task that come and go; see {@link #guard}. */
  public <P> PartGuards<P> parts(String task) {
    return new PartGuards<>(part -> guard(task, part));
  }
}
