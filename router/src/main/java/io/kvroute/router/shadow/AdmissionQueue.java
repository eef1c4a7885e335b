package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests that were routed to an engine and not yet admitted, in the order of their admission.
 * The index already holds the blocks that they are predicted to compute.
 *
 * <p>When a request leaves or ends, those behind it may find other blocks than predicted, so all
 * are predicted again. That costs a look-up for each of their blocks. A short queue is predicted
 * again at once; a longer one after as many events as pay for it, so that the cost of an event is
 * constant on average; the longest only when it has become shorter, so that no event takes longer
 * than about a millisecond. Until then predictions are those made on arrival. Not thread-safe.
 */
final class AdmissionQueue {

  /** Look-ups that each event may spend, at once or later, on predicting requests again. */
  private static final int LOOKUPS_PER_EVENT = 2_048;

  /** Look-ups that one event may spend at most. */
  private static final int MOST_LOOKUPS = 32_768;

  private final LinkedHashSet<Sequence> queued = new LinkedHashSet<>();
  private final EvictionForecast forecast;
  private final PredictedBlocks predicted;
  private final IndexMirror mirror;
  private BlockPool pool;
  private boolean roomChanged;

  /** Look-ups that predicting all queued requests again would take. */
  private long lookups;

  /** Look-ups that past events have left unspent. */
  private int unspentLookups;

  /** A queue on top of a pool. */
  AdmissionQueue(
      BlockPool pool, EvictionForecast forecast, PredictedBlocks predicted, IndexMirror mirror) {
    this.pool = pool;
    this.forecast = forecast;
    this.predicted = predicted;
    this.mirror = mirror;
  }

  /** Appends a request and predicts its blocks. */
  void add(Sequence sequence) {
    BlockKeys keys = sequence.keys;
    int held = Math.min(keys.matchable(), mirror.leadingBlocks(keys, pool));
    int hits = forecast.survivingBlocks(keys, held);
    forecast.enqueued(sequence, hits, false);
    mirror.predict(sequence, hits);
    queued.addLast(sequence);
    lookups += lookups(sequence);
  }

  private static int lookups(Sequence sequence) {
    return 1 + sequence.keys.count();
  }

  /** Puts a preempted request at the head; its blocks are not predicted any more. */
  void addPreempted(Sequence sequence) {
    sequence.state = Sequence.State.QUEUED;
    sequence.preempted = true;
    sequence.predictedFrom = sequence.keys.count();
    forecastAgain(sequence, true);
    queued.addFirst(sequence);
    lookups += lookups(sequence);
  }

  void remove(Sequence sequence) {
    queued.remove(sequence);
    lookups -= lookups(sequence);
    forecast.dequeued(sequence);
    roomChanged = true;
  }

  /**
   * The first request, if its time has come and it fits, with its hits found; else null. Later
   * requests wait behind it.
   */
  @Nullable Sequence nextToAdmit(long nowNanos) {
    Sequence first = queued.isEmpty() ? null : queued.getFirst();
    if (first == null
        || first.admissionNanos - nowNanos > 0
        || first.refusedAtFreed == pool.freed()) {
      return null;
    }
    first.findHits(pool);
    if (!first.fits(pool)) {
      first.refusedAtFreed = pool.freed();
      return null;
    }
    return first;
  }

  /** A request left or ended, so that queued ones may find other blocks than when they came. */
  void roomChanged() {
    roomChanged = true;
  }

  /** Predicts all queued requests again if free blocks have changed and are too few. */
  void predictAgain() {
    if (!roomChanged || queued.isEmpty() || !forecast.freeBlocksAreShort()) {
      roomChanged = false;
      return;
    }
    unspentLookups = Math.min(unspentLookups + LOOKUPS_PER_EVENT, MOST_LOOKUPS);
    if (lookups <= unspentLookups) {
      unspentLookups = 0;
      List<Sequence> all = List.copyOf(queued);
      all.forEach(this::remove);
      predicted.clear();
      all.forEach(this::add);
      roomChanged = false;
    }
  }

  /** The pool was resized. */
  void resized(BlockPool newPool) {
    pool = newPool;
    queued.forEach(sequence -> forecastAgain(sequence, false));
  }

  /** The request will find what is cached now. */
  private void forecastAgain(Sequence sequence, boolean isFirst) {
    sequence.findHits(pool);
    forecast.enqueued(sequence, sequence.hits, isFirst);
    sequence.refusedAtFreed = Sequence.NEVER_REFUSED;
  }
}
