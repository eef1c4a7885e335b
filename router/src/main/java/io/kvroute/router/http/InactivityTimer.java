package io.kvroute.router.http;

import java.util.concurrent.TimeUnit;

/**
 * Notices that nothing has moved for too long. Movement costs a flag, not a look at the clock; so
 * it counts from the tick that finds the flag.
 */
final class InactivityTimer {

  private final long limitNanos;
  private boolean moved;
  private long movedNanos;

  InactivityTimer(int limitMillis) {
    this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
  }

  /** Starts anew. */
  void begin(long nowNanos) {
    moved = false;
    movedNanos = nowNanos;
  }

  /** Something has moved. */
  void moved() {
    moved = true;
  }

  /** To be asked at each tick. */
  boolean isOver(long nowNanos) {
    if (moved) {
      begin(nowNanos);
    }
    return nowNanos - movedNanos > limitNanos;
  }
}
