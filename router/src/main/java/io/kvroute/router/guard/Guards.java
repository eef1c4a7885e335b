package io.kvroute.router.guard;

import java.util.function.LongSupplier;

/** Makes guards that count alike. Thread-safe. */
public final class Guards {

  /** Told of every fault; called on the thread that met it. */
  public interface Faults {

    /** A task met a fault. */
    void met(String task);
  }

  /** Guards that count nothing. */
  public static final Guards UNCOUNTED =
      new Guards(task -> {}, () -> System.nanoTime() / 1_000_000);

  private final Faults faults;
  private final LongSupplier clockMillis;

  /**
   * Guards of one process.
   *
   * @param clockMillis milliseconds of any clock that does not go backwards
   */
  public Guards(Faults faults, LongSupplier clockMillis) {
    this.faults = faults;
    this.clockMillis = clockMillis;
  }

  /**
   * A guard of one part of a task.
   *
   * @param task the task's name: one of a few, as it is a metric's label
   * @param part what of it, for people: often a replica's id
   */
  public Guard guard(String task, Object part) {
    return new Guard(task, part, faults, clockMillis);
  }
}
