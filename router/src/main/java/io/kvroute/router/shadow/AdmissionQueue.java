package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests that were routed to an engine and not yet admitted, in the order of their admission.
 * The index already holds the blocks that they are predicted to compute. Not thread-safe.
 */
final class AdmissionQueue {

  private final Deque<Sequence> queued;
  private final EvictionForecast forecast;
  private final PredictedBlocks predicted;
  private final IndexMirror mirror;
  private BlockPool pool;
  private boolean roomChanged;

  /**
   * A queue on top of a pool.
   *
   * @param queued empty; shared with {@code forecast}, which only reads it
   */
  AdmissionQueue(
      BlockPool pool,
      Deque<Sequence> queued,
      EvictionForecast forecast,
      PredictedBlocks predicted,
      IndexMirror mirror) {
    this.pool = pool;
    this.queued = queued;
    this.forecast = forecast;
    this.predicted = predicted;
    this.mirror = mirror;
  }

  /** Appends a request and predicts its blocks. */
  void add(Sequence sequence) {
    BlockKeys keys = sequence.keys;
    int held = Math.min(keys.matchable(), mirror.leadingBlocks(keys, pool));
    int hits = forecast.survivingBlocks(keys, held);
    forecast.enqueued(sequence, hits);
    mirror.predict(sequence, hits);
    queued.addLast(sequence);
  }

  /** Puts a preempted request at the head; its blocks are not predicted any more. */
  void addPreempted(Sequence sequence) {
    sequence.state = Sequence.State.QUEUED;
    sequence.preempted = true;
    sequence.predictedFrom = sequence.keys.count();
    forecastAgain(sequence);
    queued.addFirst(sequence);
  }

  void remove(Sequence sequence) {
    queued.remove(sequence);
    forecast.dequeued(sequence);
    roomChanged = true;
  }

  /**
   * The first request, if its time has come and it fits, with its hits found; else null. Later
   * requests wait behind it.
   */
  @Nullable Sequence nextToAdmit(long nowNanos) {
    Sequence first = queued.peekFirst();
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
    if (roomChanged && !queued.isEmpty() && forecast.freeBlocksAreShort()) {
      List<Sequence> all = List.copyOf(queued);
      all.forEach(this::remove);
      predicted.clear();
      all.forEach(this::add);
    }
    roomChanged = false;
  }

  /** The pool was resized. */
  void resized(BlockPool newPool) {
    pool = newPool;
    queued.forEach(this::forecastAgain);
  }

  /** The request will find what is cached now. */
  private void forecastAgain(Sequence sequence) {
    sequence.findHits(pool);
    forecast.enqueued(sequence, sequence.hits);
    sequence.refusedAtFreed = Sequence.NEVER_REFUSED;
  }
}
