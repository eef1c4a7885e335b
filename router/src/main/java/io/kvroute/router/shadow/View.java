package io.kvroute.router.shadow;

import io.kvroute.router.index.Presence;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;

/**
 * What others see of a shadow: a block is in the index while the pool has it or an expected request
 * promises it. Not thread-safe.
 */
final class View implements BlockPool.Losses {

  private final IndexWriter holder;
  private final Answers answers;
  private final Promises promises;

  View(IndexWriter holder, Answers answers, Promises promises) {
    this.holder = holder;
    this.answers = answers;
    this.promises = promises;
  }

  /** Leading blocks that are there or promised. */
  int held(BlockKeys keys, BlockPool pool) {
    int n = 0;
    int block = BlockPool.NULL_BLOCK;
    for (; n < keys.count(); n++) {
      block = pool.find(keys.key(n), block);
      if (block == BlockPool.NULL_BLOCK && !promises.contains(keys.key(n))) {
        break;
      }
    }
    return n;
  }

  /** An expected request will compute its blocks from one on. */
  void promise(Sequence sequence, int from) {
    BlockKeys keys = sequence.keys;
    for (int i = from; i < keys.count(); i++) {
      promises.add(keys.key(i), sequence);
    }
    show(keys, from, Math.min(keys.count(), sequence.promisedFrom));
    sequence.promisedFrom = from;
  }

  /** The request was admitted, or will not be. */
  void takeBack(BlockKeys keys, int from, BlockPool pool) {
    for (int i = keys.count() - 1; i >= from; i--) {
      if (promises.remove(keys.key(i)) && !pool.has(keys.key(i))) {
        hide(keys.key(i));
      }
    }
  }

  /** The pool has these blocks now. */
  void show(BlockKeys keys, int from, int to) {
    if (from < to) {
      holder.store(keys, from, to, Presence.PREDICTED);
    }
  }

  @Override
  public void lostName(long key) {
    if (!promises.contains(key)) {
      hide(key);
    }
  }

  @Override
  public void lostNameless(long text, int block) {
    answers.lost(text, block);
  }

  void clear() {
    promises.clear();
    holder.clear();
  }

  int blocks() {
    return holder.blocks();
  }

  /** Also what feedback confirmed: it is gone from the engine's memory. */
  private void hide(long key) {
    holder.remove(key);
  }
}
