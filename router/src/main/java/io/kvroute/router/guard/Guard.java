package io.kvroute.router.guard;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a fault in one part of a long-lived task, such as what it does for one replica, from ending
 * the task or its other parts. Whatever is thrown is counted and, until the part works again,
 * logged once; the part then rests, for a second at first and twice as long after each further
 * fault, up to a minute. Thread-safe.
 */
public final class Guard {

  private static final Logger log = LoggerFactory.getLogger(Guard.class);

  private static final long FIRST_REST_MILLIS = 1_000;
  private static final long LONGEST_REST_MILLIS = 60_000;

  private final String task;
  private final Object part;
  private final Guards.Faults faults;
  private final LongSupplier clockMillis;
  private long restMillis;
  private long restsUntilMillis;

  Guard(String task, Object part, Guards.Faults faults, LongSupplier clockMillis) {
    this.task = task;
    this.part = part;
    this.faults = faults;
    this.clockMillis = clockMillis;
  }

  /** Does the work now; false where it threw. The part works again once this goes well. */
  public boolean run(Runnable work) {
    boolean well = attempt(work);
    if (well) {
      succeeded();
    }
    return well;
  }

  /** Does a piece of work that proves nothing of the part where it goes well. */
  public boolean attempt(Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException | Error e) {
      if (failed()) {
        log.error("{}, {}: a fault; trying again from time to time", task, part, e);
      }
      return false;
    }
  }

  /** The part did what it should: its next fault is news. */
  public synchronized void succeeded() {
    restMillis = 0;
  }

  /** Counts a fault that was met otherwise; true if it is the first since the part worked. */
  public boolean failed() {
    faults.met(task);
    synchronized (this) {
      boolean first = restMillis == 0;
      restMillis = first ? FIRST_REST_MILLIS : Math.min(2 * restMillis, LONGEST_REST_MILLIS);
      restsUntilMillis = clockMillis.getAsLong() + restMillis;
      return first;
    }
  }

  /** Whether the part should be left alone for now. */
  public boolean isResting() {
    return restLeftMillis() > 0;
  }

  /** How long the part should be left alone. */
  public synchronized long restLeftMillis() {
    return restMillis == 0 ? 0 : Math.max(0, restsUntilMillis - clockMillis.getAsLong());
  }
}
