package io.kvroute.loadtest.simulate;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/**
 * A discrete-event clock: holds the simulated time and a queue of actions. Time stands still while
 * an action runs, then jumps to the next action's time. Actions at the same time run in the order
 * in which they were added.
 *
 * <p>Background actions, such as recurring load reports, do not keep the simulation going: it ends
 * when no foreground action is left. Cost: O(log actions) per action.
 *
 * <p>Example:
 *
 * <pre>
 * every(1, 0.5, scrape)     background, at 0.5 s, 1.5 s, 2.5 s ...
 * at(700_000_000, send)     foreground, at 0.7 s
 * run()                     runs scrape at 0.5 s and send at 0.7 s, then returns
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class VirtualClock implements LongSupplier {

  private record Event(long atNanos, long number, boolean background, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));

  private long nowNanos;
  private long added;
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
   * Adds a foreground action.
   *
   * @param atNanos when it runs, not before now
   */
  public void at(long atNanos, Runnable action) {
    foreground++;
    add(atNanos, false, action);
  }

  /** Adds a foreground action that runs after so many seconds. */
  public void afterSeconds(double seconds, Runnable action) {
    at(nowNanos + Math.round(seconds * 1e9), action);
  }

  /** Adds a background action that recurs every so many seconds. */
  public void every(double seconds, double firstSeconds, Runnable action) {
    background(
        firstSeconds,
        () -> {
          action.run();
          every(seconds, seconds, action);
        });
  }

  /**
   * Adds a background action that runs after so many seconds, if the simulation lasts that long.
   */
  public void background(double seconds, Runnable action) {
    add(nowNanos + Math.round(seconds * 1e9), true, action);
  }

  /** Runs actions until only background actions are left. */
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
    events.add(new Event(atNanos, added++, background, action));
  }
}
