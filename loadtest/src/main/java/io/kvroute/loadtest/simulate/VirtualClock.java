package io.kvroute.loadtest.simulate;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/**
 * Simulated time, and what is to happen in it. It stands still while something happens and then
 * jumps to the next; what is due at the same time happens in the order in which it was asked for.
 * Not thread-safe.
 */
public final class VirtualClock implements LongSupplier {

  private record Event(long atNanos, long number, boolean background, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));

  private long nowNanos;
  private long made;
  private long foreground;

  /** Nanoseconds since the simulation began. */
  @Override
  public long getAsLong() {
    return nowNanos;
  }

  /** Seconds since the simulation began. */
  public double nowSeconds() {
    return nowNanos * 1e-9;
  }

  /**
   * Has something happen.
   *
   * @param atNanos not before now
   */
  public void at(long atNanos, Runnable action) {
    foreground++;
    add(atNanos, false, action);
  }

  /** Has something happen so many seconds from now. */
  public void afterSeconds(double seconds, Runnable action) {
    at(nowNanos + Math.round(seconds * 1e9), action);
  }

  /** Has something happen again and again; that alone does not keep the simulation going. */
  public void every(double seconds, double firstSeconds, Runnable action) {
    background(
        firstSeconds,
        () -> {
          action.run();
          every(seconds, seconds, action);
        });
  }

  /** Has something happen so many seconds from now, if the simulation goes on until then. */
  public void background(double seconds, Runnable action) {
    add(nowNanos + Math.round(seconds * 1e9), true, action);
  }

  /** Lets time pass until nothing is left to happen but what goes on for ever. */
  public void run() {
    while (foreground > 0) {
      Event event = events.remove();
      nowNanos = event.atNanos();
      foreground -= event.background() ? 0 : 1;
      event.action().run();
    }
  }

  private void add(long atNanos, boolean background, Runnable action) {
    if (atNanos < nowNanos) {
      throw new IllegalArgumentException(
          "atNanos: " + atNanos + " (expected: >= " + nowNanos + ", now)");
    }
    events.add(new Event(atNanos, made++, background, action));
  }
}
