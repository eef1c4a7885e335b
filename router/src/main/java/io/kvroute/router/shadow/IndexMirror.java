package io.kvroute.router.shadow;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.index.Presence;
import io.kvroute.router.keys.BlockKeys;

/**
 * Copies a shadow's blocks to the shadow's slot of the index. The index holds a block while the
 * pool has a block with that key, or while a queued request is predicted to compute it. Not
 * thread-safe.
 */
final class IndexMirror implements BlockPool.EvictionListener {

  private final IndexWriter index;
  private final UnkeyedAnswers answers;
  private final PredictedBlocks predicted;

  IndexMirror(IndexWriter index, UnkeyedAnswers answers, PredictedBlocks predicted) {
    this.index = index;
    this.answers = answers;
    this.predicted = predicted;
  }

  /** Leading blocks that are cached or predicted. */
  int leadingBlocks(BlockKeys keys, BlockPool pool) {
    int n = 0;
    int block = BlockPool.NULL_BLOCK;
    for (; n < keys.count(); n++) {
      block = pool.find(keys.key(n), block);
      if (block == BlockPool.NULL_BLOCK && !predicted.contains(keys.key(n))) {
        break;
      }
    }
    return n;
  }

  /** A queued request is predicted to compute its prompt's blocks from {@code from} on. */
  void predict(Sequence sequence, int from) {
    BlockKeys keys = sequence.keys;
    for (int i = from; i < keys.count(); i++) {
      predicted.add(keys.key(i), sequence);
    }
    store(keys, from, Math.min(keys.count(), sequence.predictedFrom));
    sequence.predictedFrom = from;
  }

  /** The request was admitted, or never will be: ends its predictions. */
  void endPredictions(Sequence sequence, BlockPool pool) {
    BlockKeys keys = sequence.keys;
    for (int i = keys.count() - 1; i >= sequence.predictedFrom; i--) {
      if (predicted.remove(keys.key(i)) && !pool.hasKey(keys.key(i))) {
        index.remove(keys.key(i));
      }
    }
    sequence.predictedFrom = keys.count();
  }

  /** The pool has the blocks {@code [from, to)} of a chain now. */
  void store(BlockKeys keys, int from, int to) {
    if (from < to) {
      index.store(keys, from, to, Presence.PREDICTED);
    }
  }

  @Override
  public void keyEvicted(long key) {
    if (!predicted.contains(key)) {
      index.remove(key);
    }
  }

  @Override
  public void unkeyedEvicted(long answerId, int block) {
    answers.evicted(answerId, block);
  }

  int blocks() {
    return index.blocks();
  }
}
