package io.kvroute.router.learn;

import io.kvroute.router.learn.EventStatus.State;
import io.kvroute.router.route.EventTrust;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Applies one engine's numbered batches of events to its view, without a gap. Lost batches are
 * requested again (a replay). If they cannot be replayed, the view is emptied: it may then lack
 * blocks that the engine holds, but never has blocks that the engine does not hold.
 *
 * <p>Model: an engine process numbers its batches from 0, but does not identify itself. The stream
 * knows the {@code nextNumber} to apply. A batch with this number is applied. A higher number is a
 * gap: batches are missing. A number that does not rise, or a gap right after the connection broke,
 * means that another process publishes now. While a replay is under way, published batches are kept
 * pending and applied after it. Each batch costs O(its events).
 *
 * <p>Example: batches 0, 1, 4 are published. 0 and 1 are applied; 4 shows a gap and stays pending,
 * and a replay from 2 is requested. The replay sends 2 and 3 and ends; then 4 is applied, and the
 * view is complete again. If the engine has no replay socket, batch 4 shows the gap, the view is
 * emptied, batch 4 is applied, and the view is partial from then on.
 *
 * <p>Not thread-safe; does no I/O.
 */
final class EventStream {

  /** Published batches kept during a replay; with more, the replay is given up. */
  private static final int MAX_PENDING = 100_000;

  /** The number while there is no batch. */
  private static final long NO_NUMBER = -1;

  private record Numbered(long number, KvEvent.Batch batch) {}

  private final EventView view;
  private final EventTarget target;
  private final EventObserver observer;
  private final Runnable requestReplay;
  private final boolean canReplay;
  private final ArrayDeque<Numbered> pending = new ArrayDeque<>();
  private State state = State.SILENT;

  /** The state to enter when the replay has ended. */
  private State stateAfterReplay = State.COMPLETE;

  private boolean connectionBroke;

  /** Whether the current replay is the first; before it, the view knows nothing. */
  private boolean firstReplay;

  /** Whether a replay has shown that the engine has published nothing: it holds no blocks. */
  private boolean saidNothingYet;

  /** Unix time of the oldest batch of which the view may hold blocks; 0 for none. */
  private double oldestBatchSeconds;

  private long batches;

  /**
   * The newest published number when a replay was last requested; it need not contain later ones.
   */
  private long publishedAtRequest = NO_NUMBER;

  /** The newest number received from the publisher, whether its batch is applied or pending. */
  private long lastPublished = NO_NUMBER;

  private long nextNumber;
  private long gaps;

  /**
   * A stream without any batch yet.
   *
   * @param requestReplay requests all batches from {@link #nextNumber()} on; null if the engine has
   *     no replay socket
   */
  EventStream(
      EventView view,
      EventTarget target,
      EventObserver observer,
      @Nullable Runnable requestReplay) {
    this.view = view;
    this.target = target;
    this.observer = observer;
    this.canReplay = requestReplay != null;
    this.requestReplay = requestReplay != null ? requestReplay : () -> {};
  }

  /** Requests all batches that the engine has published so far, if it has a replay socket. */
  void requestHistory() {
    if (canReplay) {
      stateAfterReplay = State.COMPLETE;
      startReplay();
    }
  }

  private void startReplay() {
    firstReplay = nextNumber == 0;
    saidNothingYet = false;
    state = State.REPLAYING;
    publishedAtRequest = lastPublished;
    requestReplay.run();
  }

  /** Takes a batch from the publisher. */
  void live(long number, KvEvent.Batch batch) {
    batches++;
    if (isRestart(number)) {
      forget();
      target.processChanged();
    }
    if (lastPublished != NO_NUMBER && number > Math.max(nextNumber, lastPublished + 1)) {
      gaps++;
      observer.gap();
    }
    connectionBroke = false;
    lastPublished = number;
    if (state == State.REPLAYING) {
      keepPending(number, batch);
      return;
    }
    state = state == State.SILENT ? State.COMPLETE : state;
    if (number == nextNumber) {
      apply(number, batch);
    } else if (number > nextNumber) {
      handleGap(number, batch);
    }
  }

  /**
   * Whether the number shows another process. Only published numbers are compared with each other,
   * because a replay may be ahead of them.
   */
  private boolean isRestart(long number) {
    boolean anyBefore = lastPublished != NO_NUMBER || nextNumber > 0;
    return anyBefore
        && (number <= lastPublished
            || (connectionBroke && number != Math.max(nextNumber, lastPublished + 1)));
  }

  /** Takes a batch from the replay socket. */
  void replayed(long number, KvEvent.Batch batch) {
    batches++;
    if (state == State.REPLAYING) {
      applyInOrder(number, batch);
    }
  }

  /**
   * The replay has ended: applies the batches published meanwhile. If any of these were lost after
   * the replay was requested, requests another one.
   */
  void replayEnded() {
    if (state != State.REPLAYING) {
      return;
    }
    while (!pending.isEmpty() && pending.getFirst().number() <= nextNumber) {
      Numbered next = pending.removeFirst();
      applyInOrder(next.number(), next.batch());
    }
    if (!pending.isEmpty() && pending.getFirst().number() > publishedAtRequest) {
      startReplay();
    } else {
      endReplay();
      saidNothingYet = state == State.SILENT;
    }
  }

  /** The replay broke off and will not continue. */
  void replayFailed() {
    if (state == State.REPLAYING) {
      endReplay();
    }
  }

  private void endReplay() {
    for (Numbered next : pending) {
      applyInOrder(next.number(), next.batch());
    }
    pending.clear();
    state = nextNumber == 0 ? State.SILENT : stateAfterReplay;
  }

  /** Events may have been lost without a gap in the numbers. */
  void assumeLoss() {
    if (state != State.SILENT) {
      view.clear();
      state = State.PARTIAL;
    }
  }

  /** The connection broke; the next batch may come from another process. */
  void connectionBroke() {
    connectionBroke = true;
  }

  /**
   * The engine's process has restarted: removes all blocks of the old one. Does nothing if the
   * stream has noticed the restart itself, so that all its batches are from the new process.
   *
   * @param startedAtSeconds Unix time of the start, on the engine's clock like the times of its
   *     batches; 0 if unknown
   */
  void processRestarted(double startedAtSeconds) {
    if (startedAtSeconds > 0 && oldestBatchSeconds >= startedAtSeconds) {
      return;
    }
    forget();
    requestHistory();
  }

  private void forget() {
    view.clear();
    pending.clear();
    nextNumber = 0;
    oldestBatchSeconds = 0;
    saidNothingYet = false;
    lastPublished = NO_NUMBER;
    state = State.SILENT;
    observer.restarted();
  }

  /** How far the view can be trusted; during a replay, as far as before it. */
  EventTrust trust() {
    State known = state == State.REPLAYING ? firstReplay ? State.SILENT : stateAfterReplay : state;
    return switch (known) {
      case COMPLETE -> EventTrust.COMPLETE;
      case PARTIAL -> EventTrust.PARTIAL;
      case REPLAYING, SILENT -> saidNothingYet ? EventTrust.COMPLETE : EventTrust.NONE;
    };
  }

  /** Batches received so far. */
  long batches() {
    return batches;
  }

  /** The number of the next batch to apply. */
  long nextNumber() {
    return nextNumber;
  }

  /** The stream's state. Gaps are counted from the beginning, whether filled or not. */
  EventStatus status() {
    return new EventStatus(state, nextNumber - 1, gaps);
  }

  private void handleGap(long number, KvEvent.Batch batch) {
    if (canReplay) {
      stateAfterReplay = state;
      pending.add(new Numbered(number, batch));
      startReplay();
    } else {
      view.clear();
      state = State.PARTIAL;
      apply(number, batch);
    }
  }

  private void keepPending(long number, KvEvent.Batch batch) {
    pending.add(new Numbered(number, batch));
    if (pending.size() > MAX_PENDING) {
      endReplay();
    }
  }

  /** Applies a batch unless it was applied before. A gap before it cannot be filled any more. */
  private void applyInOrder(long number, KvEvent.Batch batch) {
    if (number > nextNumber) {
      view.clear();
      stateAfterReplay = State.PARTIAL;
    }
    if (number >= nextNumber) {
      apply(number, batch);
    }
  }

  private void apply(long number, KvEvent.Batch batch) {
    view.newBatch();
    oldestBatchSeconds = oldestBatchSeconds == 0 ? batch.timestampSeconds() : oldestBatchSeconds;
    for (KvEvent event : batch.events()) {
      view.apply(event);
      observer.applied(event);
      if (event instanceof KvEvent.Cleared) {
        state = state == State.PARTIAL ? State.COMPLETE : state;
        stateAfterReplay = State.COMPLETE;
      }
    }
    nextNumber = number + 1;
  }
}
