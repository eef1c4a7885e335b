package io.kvroute.router.learn;

import io.kvroute.router.learn.KnowledgeState.Kind;
import io.kvroute.router.route.EventTrust;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether one replica's events are trusted. They are trusted from the first batch on, and
 * no longer when the subscription ends, the engine restarts, the engine's reports contradict them,
 * or they fall silent.
 *
 * <p>Silence alone proves nothing, as an idle engine has nothing to publish. The events count as
 * silent once several requests in a row have filled blocks and no batch has arrived in time. All
 * operations cost O(1).
 *
 * <p>Example: a replica is subscribed to ({@code waiting}). Its first batch arrives with trust
 * {@code PARTIAL} ({@code partial}), a replay completes the view ({@code complete}). Three answers
 * fill blocks and for 3 s no batch arrives ({@code silent}: the shadow is used). The next batch
 * makes it {@code complete} again.
 *
 * <p>Thread-safe.
 */
final class ReplicaKnowledge {

  private static final Logger log = LoggerFactory.getLogger(ReplicaKnowledge.class);

  /**
   * Requests in a row that filled blocks without any event, after which the events count as silent.
   */
  private static final int MAX_SILENT_REQUESTS = 3;

  /** How long events may take to arrive; more than a broken connection needs to reconnect. */
  private static final long MAX_DELAY_NANOS = 3_000_000_000L;

  private final String replica;
  private final Consumer<EventTrust> onTrust;
  private final LongSupplier clockNanos;
  private final LongSupplier wallMillis;

  private boolean subscribed;
  private boolean awaitingNewProcess;
  private boolean unreachable;
  private EventTrust stream = EventTrust.NONE;
  private boolean disputed;

  private long batches;
  private long batchesAtLastFill;
  private int silentRequests;
  private long silentSinceNanos;

  private KnowledgeState state;
  private EventTrust announcedTrust = EventTrust.NONE;

  /**
   * A replica without a subscription.
   *
   * @param onTrust called whenever the trust in its events changes
   * @param clockNanos nanoseconds of any clock that does not go backwards
   * @param wallMillis Unix time
   */
  ReplicaKnowledge(
      String replica,
      Consumer<EventTrust> onTrust,
      LongSupplier clockNanos,
      LongSupplier wallMillis) {
    this.replica = replica;
    this.onTrust = onTrust;
    this.clockNanos = clockNanos;
    this.wallMillis = wallMillis;
    this.state = new KnowledgeState(Kind.OFF, now());
  }

  /** The subscription to the replica's events has begun. */
  synchronized void subscribed() {
    reset();
    subscribed = true;
    update();
  }

  /** The subscription has ended. */
  synchronized void unsubscribed() {
    reset();
    subscribed = false;
    update();
  }

  /** The stream comes from another process; the blocks of the old one were removed. */
  synchronized void restarted() {
    announcedTrust = EventTrust.NONE;
    reset();
    update();
  }

  /**
   * The process has restarted; until {@link #newProcessReached} the stream may be the old one's.
   */
  synchronized void awaitNewProcess() {
    restarted();
    awaitingNewProcess = subscribed;
  }

  /** The stream has left the old process. */
  synchronized void newProcessReached() {
    awaitingNewProcess = false;
    update();
  }

  /**
   * The stream's state may have changed.
   *
   * @param trust how complete the stream is
   * @param newBatches batches received so far
   */
  synchronized void streamChanged(EventTrust trust, long newBatches) {
    stream = trust;
    unreachable = false;
    if (newBatches != batches) {
      batches = newBatches;
      silentRequests = 0;
    }
    update();
  }

  /** The events cannot be received at present. */
  synchronized void unreachable() {
    unreachable = true;
    update();
  }

  /** A request was answered for which the engine must have filled blocks. */
  synchronized void blocksFilled() {
    if (batches != batchesAtLastFill) {
      silentRequests = 0;
    } else if (silentRequests++ == 0) {
      silentSinceNanos = clockNanos.getAsLong();
    }
    batchesAtLastFill = batches;
    update();
  }

  /** The engine's reports contradict its events, or do so no longer. */
  synchronized void disputed(boolean nowDisputed) {
    disputed = nowDisputed;
    update();
  }

  /** How complete the stream is, whether it is trusted or not. */
  synchronized EventTrust stream() {
    return subscribed && !awaitingNewProcess ? stream : EventTrust.NONE;
  }

  /** The present source of knowledge. */
  synchronized KnowledgeState state() {
    update();
    return state;
  }

  private void reset() {
    stream = EventTrust.NONE;
    awaitingNewProcess = false;
    unreachable = false;
    disputed = false;
    silentRequests = 0;
  }

  private void update() {
    Kind kind = kind();
    if (kind != state.kind()) {
      log.info(
          "replica {}: KV events changed from {} to {}: {}",
          replica,
          state.kind().label(),
          kind.label(),
          kind.meaning());
      state = new KnowledgeState(kind, now());
    }
    if (kind.trust() != announcedTrust) {
      announcedTrust = kind.trust();
      onTrust.accept(announcedTrust);
    }
  }

  private Kind kind() {
    if (!subscribed) {
      return Kind.OFF;
    }
    if (isSilent() || unreachable) {
      return Kind.SILENT;
    }
    if (awaitingNewProcess || stream == EventTrust.NONE) {
      return Kind.WAITING;
    }
    if (disputed) {
      return Kind.DISPUTED;
    }
    return stream == EventTrust.COMPLETE ? Kind.COMPLETE : Kind.PARTIAL;
  }

  private boolean isSilent() {
    return silentRequests >= MAX_SILENT_REQUESTS
        && clockNanos.getAsLong() - silentSinceNanos > MAX_DELAY_NANOS;
  }

  private Instant now() {
    return Instant.ofEpochMilli(wallMillis.getAsLong());
  }
}
