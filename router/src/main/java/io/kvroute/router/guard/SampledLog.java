package io.kvroute.router.guard;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs events that may come by the thousand. Of each kind it writes five lines in ten seconds,
 * counts the others, and adds their number to the kind's next line. Thread-safe.
 */
public final class SampledLog {

  private static final int LINES = 5;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Bounds the memory: replicas that have left stay in the map. */
  private static final int MAX_KINDS = 4_096;

  private final Logger log;
  private final LongSupplier clockNanos;
  private final Map<String, Window> windows = new ConcurrentHashMap<>();

  /**
   * Samples what goes to {@code log}.
   *
   * @param clockNanos any clock that does not go backwards
   */
  public SampledLog(Logger log, LongSupplier clockNanos) {
    this.log = log;
    this.clockNanos = clockNanos;
  }

  /**
   * Writes a warning, or counts it.
   *
   * @param kind from a small set; clients must not be able to choose it
   */
  public void warn(String kind, String format, Object... arguments) {
    int leftOut = of(kind).enter(clockNanos.getAsLong());
    if (leftOut == 0) {
      log.warn(format, arguments);
    } else if (leftOut > 0) {
      log.warn(format + " ({} more of this kind since the last line)", with(arguments, leftOut));
    }
  }

  private Window of(String kind) {
    Window known = windows.get(kind);
    if (known != null) {
      return known;
    }
    if (windows.size() >= MAX_KINDS) {
      windows.clear();
    }
    return windows.computeIfAbsent(kind, ignored -> new Window());
  }

  private static Object[] with(Object[] arguments, int last) {
    Object[] more = Arrays.copyOf(arguments, arguments.length + 1);
    more[arguments.length] = last;
    return more;
  }

  private static final class Window {
    private static final int COUNTED = -1;

    private long startNanos;
    private int lines;
    private int leftOut;

    /** The number of lines left out before this one; {@link #COUNTED} if this one is too. */
    synchronized int enter(long nowNanos) {
      if (lines == 0 || nowNanos - startNanos > WINDOW_NANOS) {
        startNanos = nowNanos;
        lines = 0;
      }
      if (lines >= LINES) {
        leftOut++;
        return COUNTED;
      }
      lines++;
      int before = leftOut;
      leftOut = 0;
      return before;
    }
  }
}
