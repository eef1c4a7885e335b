package io.kvroute.router.http;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the bytes of all request bodies that are buffered at once. Thread-safe. */
final class BodyBudget {

  private final long limitBytes;
  private final AtomicLong heldBytes = new AtomicLong();

  BodyBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  boolean tryReserve(long bytes) {
    long held = heldBytes.get();
    while (held + bytes <= limitBytes) {
      if (heldBytes.compareAndSet(held, held + bytes)) {
        return true;
      }
      held = heldBytes.get();
    }
    return false;
  }

  void release(long bytes) {
    heldBytes.addAndGet(-bytes);
  }

  long heldBytes() {
    return heldBytes.get();
  }
}
