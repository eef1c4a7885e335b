package io.kvroute.router.http;

import java.util.concurrent.TimeUnit;

/** Counts open client connections, so that a shutdown can wait for the last. Thread-safe. */
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

  /** Waits until there are none; false if there still are after {@code millis}. */
  synchronized boolean awaitNone(long millis) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (count > 0) {
      long leftNanos = deadlineNanos - System.nanoTime();
      if (leftNanos <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
    }
    return true;
  }
}
