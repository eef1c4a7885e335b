package io.kvroute.router.learn;

import io.kvroute.router.learn.EventStatus.State;
import io.kvroute.router.route.EventTrust;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one engine's view true to its numbered batches: what is lost is asked for again, and where
 * it cannot be had the view is emptied, so that it may know too little but never something wrong.
 *
 * <p>Batches are numbered from 0 by the engine's process, which names itself nowhere. A number that
 * was expected is applied; a higher one is a gap; one that does not rise, or a gap right after the
 * connection broke, means that the engine started again. Not thread-safe; knows no sockets.
 */
final class EventStream {

  /** Live batches kept while a replay is under way; past it the replay is given up. */
  private static final int MAX_HELD = 100_000;

  /** Stands for a number before the first. */
  private static final long NONE = -1;

  private record Numbered(long number, KvEvent.Batch batch) {}

  private final EventView view;
  private final EventTarget target;
  private final EventObserver observer;
  private final Runnable askForReplay;
  private final boolean canReplay;
  private final ArrayDeque<Numbered> held = new ArrayDeque<>();
  private State state = State.SILENT;

  /** What the state will be once a replay has ended. */
  private State afterReplay = State.COMPLETE;

  private boolean connectionBroke;

  /** Whether the replay under way is the first, before which nothing is known. */
  private boolean joining;

  /** Whether a replay has said that the engine has told nothing yet: what it holds is known. */
  private boolean knownEmpty;

  /** When the engine made the oldest batch of which something may be in the view; 0 for none. */
  private double sinceSeconds;

  private long batches;

  /** The newest published number when a replay was last asked for: later ones it need not hold. */
  private long knownWhenAsked = NONE;

  /** The newest number that was published to us, whether its batch was applied or held. */
  private long lastLive = NONE;

  private long expected;
  private long gaps;

  /**
   * A stream of which nothing was heard.
   *
   * @param askForReplay asks for all batches from {@link #expected()} on; null where the engine has
   *     no replay socket
   */
  EventStream(
      EventView view, EventTarget target, EventObserver observer, @Nullable Runnable askForReplay) {
    this.view = view;
    this.target = target;
    this.observer = observer;
    this.canReplay = askForReplay != null;
    this.askForReplay = askForReplay != null ? askForReplay : () -> {};
  }

  /** Asks an engine that may have run for long what it told so far, where it can be asked. */
  void join() {
    if (canReplay) {
      afterReplay = State.COMPLETE;
      ask();
    }
  }

  private void ask() {
    joining = expected == 0;
    knownEmpty = false;
    state = State.REPLAYING;
    knownWhenAsked = lastLive;
    askForReplay.run();
  }

  /** Takes a batch as it was published. */
  void live(long number, KvEvent.Batch batch) {
    batches++;
    if (isRestart(number)) {
      forget();
      target.otherProcess();
    }
    if (lastLive != NONE && number > Math.max(expected, lastLive + 1)) {
      gaps++;
      observer.gap();
    }
    connectionBroke = false;
    lastLive = number;
    if (state == State.REPLAYING) {
      hold(number, batch);
      return;
    }
    state = state == State.SILENT ? State.COMPLETE : state;
    if (number == expected) {
      apply(number, batch);
    } else if (number > expected) {
      missed(number, batch);
    }
  }

  /** A replay may run ahead of what is published, so only published numbers must rise. */
  private boolean isRestart(long number) {
    boolean heard = lastLive != NONE || expected > 0;
    return heard
        && (number <= lastLive || (connectionBroke && number != Math.max(expected, lastLive + 1)));
  }

  /** Takes a batch that the replay socket sent. */
  void replayed(long number, KvEvent.Batch batch) {
    batches++;
    if (state == State.REPLAYING) {
      applyInOrder(number, batch);
    }
  }

  /**
   * The replay has come to its end: what was published meanwhile follows. What is missing from that
   * was lost after the replay was asked for, and is asked for anew.
   */
  void replayEnded() {
    if (state != State.REPLAYING) {
      return;
    }
    while (!held.isEmpty() && held.getFirst().number() <= expected) {
      Numbered next = held.removeFirst();
      applyInOrder(next.number(), next.batch());
    }
    if (!held.isEmpty() && held.getFirst().number() > knownWhenAsked) {
      ask();
    } else {
      doWithoutReplay();
      knownEmpty = state == State.SILENT;
    }
  }

  /** The replay did not answer to its end, and will not. */
  void replayFailed() {
    if (state == State.REPLAYING) {
      doWithoutReplay();
    }
  }

  private void doWithoutReplay() {
    for (Numbered next : held) {
      applyInOrder(next.number(), next.batch());
    }
    held.clear();
    state = expected == 0 ? State.SILENT : afterReplay;
  }

  /** Something may have been lost that no number will ever tell of. */
  void doubt() {
    if (state != State.SILENT) {
      view.clear();
      state = State.PARTIAL;
    }
  }

  /** The connection to the engine broke; what comes next may be another process. */
  void connectionBroke() {
    connectionBroke = true;
  }

  /**
   * The engine's process was seen to have started again: nothing of the old one is believed any
   * more. A stream that has noticed that by itself, and holds only what the new one told, stays.
   *
   * @param startedAtSeconds when, on the engine's clock, as its batches tell the time; 0 if unknown
   */
  void startOver(double startedAtSeconds) {
    if (startedAtSeconds > 0 && sinceSeconds >= startedAtSeconds) {
      return;
    }
    forget();
    join();
  }

  private void forget() {
    view.clear();
    held.clear();
    expected = 0;
    sinceSeconds = 0;
    knownEmpty = false;
    lastLive = NONE;
    state = State.SILENT;
    observer.restarted();
  }

  State state() {
    return state;
  }

  /** How far the view can be believed; while lost batches are asked for, as far as before. */
  EventTrust trust() {
    State sure = state == State.REPLAYING ? joining ? State.SILENT : afterReplay : state;
    return switch (sure) {
      case COMPLETE -> EventTrust.COMPLETE;
      case PARTIAL -> EventTrust.PARTIAL;
      case REPLAYING, SILENT -> knownEmpty ? EventTrust.COMPLETE : EventTrust.NONE;
    };
  }

  /** Batches heard in all. */
  long batches() {
    return batches;
  }

  /** The number of the next batch. */
  long expected() {
    return expected;
  }

  /** How it fares; gaps are counted from the stream's beginning, mended or not. */
  EventStatus status() {
    return new EventStatus(state, expected - 1, gaps);
  }

  private void missed(long number, KvEvent.Batch batch) {
    if (canReplay) {
      afterReplay = state;
      held.add(new Numbered(number, batch));
      ask();
    } else {
      view.clear();
      state = State.PARTIAL;
      apply(number, batch);
    }
  }

  private void hold(long number, KvEvent.Batch batch) {
    held.add(new Numbered(number, batch));
    if (held.size() > MAX_HELD) {
      doWithoutReplay();
    }
  }

  /** Applies a batch unless it was applied before; a hole before it cannot be mended any more. */
  private void applyInOrder(long number, KvEvent.Batch batch) {
    if (number > expected) {
      view.clear();
      afterReplay = State.PARTIAL;
    }
    if (number >= expected) {
      apply(number, batch);
    }
  }

  private void apply(long number, KvEvent.Batch batch) {
    view.newBatch();
    sinceSeconds = sinceSeconds == 0 ? batch.timestampSeconds() : sinceSeconds;
    for (KvEvent event : batch.events()) {
      view.apply(event);
      observer.applied(event);
      if (event instanceof KvEvent.Cleared) {
        state = state == State.PARTIAL ? State.COMPLETE : state;
        afterReplay = State.COMPLETE;
      }
    }
    expected = number + 1;
  }
}
