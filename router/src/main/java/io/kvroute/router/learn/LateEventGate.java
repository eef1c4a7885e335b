package io.kvroute.router.learn;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.route.EventTrust;
import org.jspecify.annotations.Nullable;

/**
 * Drops KV events that arrive after their subscription has ended, so that they reach neither the
 * ended view nor the view of the next subscription. Passes everything before the end on to the
 * subscription's target.
 *
 * <p>Thread-safe: {@link #end} waits for a call in progress, and no call begins after it. The
 * writer of a batch in progress stays valid for its holder, but writes nothing once the event view
 * is closed ({@link IndexWriter#close}).
 */
final class LateEventGate implements EventTarget {

  private final EventTarget target;
  private boolean ended;

  LateEventGate(EventTarget target) {
    this.target = target;
  }

  /** The subscription has ended: drops what still arrives. Waits for a call in progress. */
  synchronized void end() {
    ended = true;
  }

  @Override
  public synchronized @Nullable IndexWriter writer(int blockSize) {
    return ended ? null : target.writer(blockSize);
  }

  /** Only computes a key; the event that needs it is dropped by its writer. */
  @Override
  public long root(@Nullable String lora, @Nullable String cacheSalt) {
    return target.root(lora, cacheSalt);
  }

  @Override
  public synchronized void forget() {
    if (!ended) {
      target.forget();
    }
  }

  @Override
  public synchronized void processChanged() {
    if (!ended) {
      target.processChanged();
    }
  }

  @Override
  public synchronized void streamChanged(EventTrust trust, long batches) {
    if (!ended) {
      target.streamChanged(trust, batches);
    }
  }

  @Override
  public synchronized void unreachable() {
    if (!ended) {
      target.unreachable();
    }
  }
}
