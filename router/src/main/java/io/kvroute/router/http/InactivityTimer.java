package io.kvroute.router.http;

import java.util.concurrent.TimeUnit;

/**
 * Detects inactivity. Recording activity only sets a flag and reads no clock; the next tick takes
 * its own time for the time of the activity.
 */
final class InactivityTimer {

  private final long limitNanos;
  private boolean active;
  private long lastActiveNanos;

  InactivityTimer(int limitMillis) {
    this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
  }

  /** Restarts the timer. */
  void restart(long nowNanos) {
    active = false;
    lastActiveNanos = nowNanos;
  }

  /** Records activity. */
  void markActive() {
    active = true;
  }

  /** Whether the limit has passed without activity; call this at each tick. */
  boolean isExpired(long nowNanos) {
    if (active) {
      restart(nowNanos);
    }
    return nowNanos - lastActiveNanos > limitNanos;
  }
}
