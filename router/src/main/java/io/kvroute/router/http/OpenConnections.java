package io.kvroute.router.http;

import java.util.concurrent.TimeUnit;

/** Counts open client connections, so that a shutdown can wait for the last one. Thread-safe. */
final class OpenConnections {

  private int count;

  synchronized void opened() {
    count++;
  }

  synchronized void closed() {
    count--;
    if (count == 0) {
      notifyAll();
    }
  }

  synchronized int count() {
    return count;
  }

  /** Waits until no connection is open; returns false if some still are after {@code millis}. */
  synchronized boolean awaitNone(long millis) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (count > 0) {
      long remainingNanos = deadlineNanos - System.nanoTime();
      if (remainingNanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, remainingNanos);
    }
    return true;
  }
}
