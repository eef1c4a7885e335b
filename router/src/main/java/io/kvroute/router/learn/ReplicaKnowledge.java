package io.kvroute.router.learn;

import io.kvroute.router.learn.KnowledgeState.Kind;
import io.kvroute.router.route.EventTrust;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one replica's events are believed: they are once something was heard, until they end,
 * their engine starts again, what the engine reports contradicts them, or they fall silent. Silence
 * alone proves nothing, as an idle engine has nothing to tell; silence does while requests are
 * answered for which the engine must have filled blocks. Thread-safe.
 */
final class ReplicaKnowledge {

  private static final Logger log = LoggerFactory.getLogger(ReplicaKnowledge.class);

  /** Requests in a row that filled blocks and of which no event came. */
  private static final int PROOF = 3;

  /** How long events may be on their way: longer than a broken connection takes to be mended. */
  private static final long GRACE_NANOS = 3_000_000_000L;

  private final String replica;
  private final Consumer<EventTrust> believe;
  private final LongSupplier clockNanos;
  private final LongSupplier wallMillis;

  private boolean listened;
  private boolean startingOver;
  private boolean unreachable;
  private EventTrust stream = EventTrust.NONE;
  private boolean disputed;

  private long batches;
  private long batchesAtLastFill;
  private int unanswered;
  private long unansweredSinceNanos;

  private KnowledgeState state;
  private EventTrust told = EventTrust.NONE;

  /**
   * Knowledge of a replica that tells nothing.
   *
   * @param believe told how far events are believed, whenever that changes
   * @param clockNanos nanoseconds of any clock that does not go backwards
   * @param wallMillis Unix time
   */
  ReplicaKnowledge(
      String replica,
      Consumer<EventTrust> believe,
      LongSupplier clockNanos,
      LongSupplier wallMillis) {
    this.replica = replica;
    this.believe = believe;
    this.clockNanos = clockNanos;
    this.wallMillis = wallMillis;
    this.state = new KnowledgeState(Kind.OFF, now());
  }

  /** The replica's events are listened to from now on. */
  synchronized void listening() {
    forget();
    listened = true;
    settle();
  }

  /** They are listened to no more. */
  synchronized void ended() {
    forget();
    listened = false;
    settle();
  }

  /** The stream comes from another process, and what the old one told was forgotten. */
  synchronized void restarted() {
    told = EventTrust.NONE;
    forget();
    settle();
  }

  /** The process is another; until {@link #startedOver} the stream may still be the old one's. */
  synchronized void startingOver() {
    restarted();
    startingOver = listened;
  }

  synchronized void startedOver() {
    startingOver = false;
    settle();
  }

  /**
   * Something was heard, or not.
   *
   * @param trust how far the stream is whole
   * @param heardBatches batches heard in all
   */
  synchronized void fared(EventTrust trust, long heardBatches) {
    stream = trust;
    unreachable = false;
    if (heardBatches != batches) {
      batches = heardBatches;
      unanswered = 0;
    }
    settle();
  }

  /** Its events cannot be had, and for long. */
  synchronized void unheard() {
    unreachable = true;
    settle();
  }

  /** A request was answered for which the engine must have filled blocks. */
  synchronized void filled() {
    if (batches != batchesAtLastFill) {
      unanswered = 0;
    } else if (unanswered++ == 0) {
      unansweredSinceNanos = clockNanos.getAsLong();
    }
    batchesAtLastFill = batches;
    settle();
  }

  /** What the engine reports contradicts its events, or does so no more. */
  synchronized void disputed(boolean nowDisputed) {
    disputed = nowDisputed;
    settle();
  }

  /** How far the stream is whole, whether it is believed or not. */
  synchronized EventTrust stream() {
    return listened && !startingOver ? stream : EventTrust.NONE;
  }

  /** How the cache is known now. */
  synchronized KnowledgeState state() {
    settle();
    return state;
  }

  private void forget() {
    stream = EventTrust.NONE;
    startingOver = false;
    unreachable = false;
    disputed = false;
    unanswered = 0;
  }

  private void settle() {
    Kind kind = kind();
    if (kind != state.kind()) {
      log.info(
          "replica {}: its KV events were {} and are {}",
          replica,
          state.kind().label(),
          kind.label());
      state = new KnowledgeState(kind, now());
    }
    if (kind.trust() != told) {
      told = kind.trust();
      believe.accept(told);
    }
  }

  private Kind kind() {
    if (!listened) {
      return Kind.OFF;
    }
    if (isMute() || unreachable) {
      return Kind.SILENT;
    }
    if (startingOver || stream == EventTrust.NONE) {
      return Kind.WAITING;
    }
    if (disputed) {
      return Kind.DISPUTED;
    }
    return stream == EventTrust.COMPLETE ? Kind.COMPLETE : Kind.PARTIAL;
  }

  private boolean isMute() {
    return unanswered >= PROOF && clockNanos.getAsLong() - unansweredSinceNanos > GRACE_NANOS;
  }

  private Instant now() {
    return Instant.ofEpochMilli(wallMillis.getAsLong());
  }
}
