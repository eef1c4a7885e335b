package io.kvroute.router.http;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the requests that are being retried at the same time to 20 percent of all requests in
 * progress, but at least 3, so that retries cannot double the load of a fleet that fails. Envoy
 * calls this a retry budget and has the same defaults. Thread-safe.
 */
final class RetryBudget {

  private static final int PERCENT = 20;
  private static final int LEAST = 3;

  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger retried = new AtomicInteger();

  /** A request has begun. */
  void begin() {
    active.incrementAndGet();
  }

  /** Takes a place for a retried request; returns false if all places are taken. */
  boolean take() {
    int limit = Math.max(LEAST, active.get() * PERCENT / 100);
    int before = retried.getAndUpdate(count -> count < limit ? count + 1 : count);
    return before < limit;
  }

  /** Gives a place back. */
  void giveBack() {
    retried.decrementAndGet();
  }

  /** A request has ended. */
  void end() {
    active.decrementAndGet();
  }
}
