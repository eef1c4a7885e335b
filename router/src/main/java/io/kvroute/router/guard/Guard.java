package io.kvroute.router.guard;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Protects a long-lived task from a fault in one of its parts, such as its work for one replica:
 * the task and its other parts go on. Every exception and error is counted. The first one since the
 * part last worked is logged. The part then backs off, for a second at first and twice as long
 * after each further fault, up to a minute. Thread-safe.
 */
public final class Guard {

  private static final Logger log = LoggerFactory.getLogger(Guard.class);

  private static final long FIRST_BACKOFF_MILLIS = 1_000;
  private static final long LONGEST_BACKOFF_MILLIS = 60_000;

  private final String task;
  private final Object part;
  private final Guards.FaultCounter faults;
  private final LongSupplier clockMillis;
  private long backoffMillis;
  private long backoffEndMillis;

  Guard(String task, Object part, Guards.FaultCounter faults, LongSupplier clockMillis) {
    this.task = task;
    this.part = part;
    this.faults = faults;
    this.clockMillis = clockMillis;
  }

  /** Runs the part's work; returns false if it threw. A success ends the backoff. */
  public boolean run(Runnable work) {
    boolean success = attempt(work);
    if (success) {
      succeeded();
    }
    return success;
  }

  /** Runs work whose success does not show that the part works; returns false if it threw. */
  public boolean attempt(Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException | Error e) {
      if (failed()) {
        log.error(
            "task {}, part {}: an unexpected error stopped this part; it is tried again after growing pauses",
            task,
            part,
            e);
      }
      return false;
    }
  }

  /** The part worked: the backoff ends, and the next fault is logged. */
  public synchronized void succeeded() {
    backoffMillis = 0;
  }

  /**
   * Counts a fault that was caught elsewhere and begins or prolongs the backoff.
   *
   * @return whether it is the first fault since the part last worked
   */
  public boolean failed() {
    faults.count(task);
    synchronized (this) {
      boolean first = backoffMillis == 0;
      backoffMillis =
          first ? FIRST_BACKOFF_MILLIS : Math.min(2 * backoffMillis, LONGEST_BACKOFF_MILLIS);
      backoffEndMillis = clockMillis.getAsLong() + backoffMillis;
      return first;
    }
  }

  /** Whether the part should not be run now. */
  public boolean isBackingOff() {
    return backoffLeftMillis() > 0;
  }

  /** The time for which the part should not be run. */
  public synchronized long backoffLeftMillis() {
    return backoffMillis == 0 ? 0 : Math.max(0, backoffEndMillis - clockMillis.getAsLong());
  }
}
