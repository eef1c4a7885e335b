package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import java.util.LinkedHashSet;

/**
 * The requests that an engine has admitted. Takes blocks for them from its pool at admission and as
 * answers grow, and returns the blocks when they end. Not thread-safe.
 */
final class RunningRequests {

  private final LinkedHashSet<Sequence> running = new LinkedHashSet<>();
  private final AdmissionQueue queue;
  private final EvictionForecast forecast;
  private final IndexMirror mirror;
  private BlockPool pool;

  /** No running requests. */
  RunningRequests(
      BlockPool pool, AdmissionQueue queue, EvictionForecast forecast, IndexMirror mirror) {
    this.pool = pool;
    this.queue = queue;
    this.forecast = forecast;
    this.mirror = mirror;
  }

  /** Admits a queued request: takes the hits found before, and allocates the blocks it lacks. */
  void admit(Sequence sequence) {
    queue.remove(sequence);
    sequence.hitFreedAt = new int[sequence.hits];
    for (int i = 0; i < sequence.hits; i++) {
      int block = sequence.blocks[i];
      sequence.hitFreedAt[i] = pool.freedAt(block);
      pool.touch(block);
      forecast.use(sequence, block, i);
    }
    sequence.blockCount = sequence.hits;
    sequence.state = Sequence.State.RUNNING;
    running.add(sequence);
    forecast.admitted(sequence);
    grow(sequence);
    mirror.endPredictions(sequence, pool);
  }

  /** Allocates the blocks that a request's tokens need, preempting later requests if need be. */
  void grow(Sequence sequence) {
    BlockKeys keys = sequence.keys;
    int from = sequence.blockCount;
    int needed = sequence.totalBlocks();
    while (sequence.blockCount < needed && makeRoom(sequence)) {
      int block = pool.allocate();
      if (sequence.blockCount < keys.count()) {
        pool.setKey(block, keys.key(sequence.blockCount));
      }
      forecast.use(sequence, block, sequence.blockCount);
      sequence.add(block);
    }
    mirror.store(keys, from, Math.min(sequence.blockCount, sequence.predictedFrom));
  }

  /**
   * Makes a block free if any later request can be preempted.
   *
   * @return whether a block is free; if not, the engine found room where this model has none, and
   *     the request goes on with the blocks it has
   */
  private boolean makeRoom(Sequence sequence) {
    while (pool.free() == 0 && running.getLast() != sequence) {
      preempt(running.getLast());
    }
    return pool.free() > 0;
  }

  /** As vLLM when blocks run out: the request admitted last gives up its blocks and waits again. */
  private void preempt(Sequence sequence) {
    end(sequence);
    queue.addPreempted(sequence);
  }

  /** A request ends; its blocks stay cached until they are reallocated. */
  void end(Sequence sequence) {
    for (int i = 0; i < sequence.blockCount; i++) {
      forecast.release(sequence, sequence.blocks[i]);
    }
    pool.release(sequence.blocks, sequence.blockCount);
    sequence.blockCount = 0;
    sequence.state = Sequence.State.ENDED;
    queue.roomChanged();
    running.remove(sequence);
    forecast.ended(sequence);
  }

  /**
   * A request ends during its prefill. Blocks that it may not have computed lose their keys, unless
   * another request has them too.
   */
  void endDuringPrefill(Sequence sequence) {
    for (int i = sequence.hits; i < sequence.blockCount; i++) {
      if (!pool.isShared(sequence.blocks[i])) {
        pool.dropKey(sequence.blocks[i]);
      }
    }
    end(sequence);
  }

  /**
   * The pool was resized.
   *
   * @param moved the new number of each block, the null block for one left behind
   */
  void resized(BlockPool newPool, int[] moved) {
    pool = newPool;
    for (Sequence sequence : running) {
      sequence.renumber(moved, newPool);
      forecast.admitted(sequence);
      for (int i = 0; i < sequence.blockCount; i++) {
        forecast.use(sequence, sequence.blocks[i], i);
      }
    }
  }
}
