package io.kvroute.router.shadow;

import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.Claim;
import io.kvroute.router.index.Holder;

/**
 * What others see of a shadow: a block is in the index while the pool has it or an expected request
 * promises it. Not thread-safe.
 */
final class View implements BlockPool.Losses {

  private final Holder holder;
  private final Answers answers;
  private final Promises promises = new Promises();

  View(Holder holder, Answers answers) {
    this.holder = holder;
    this.answers = answers;
  }

  /** An expected request will compute what nobody has or promised yet; tells from where on. */
  int promise(BlockKeys keys, BlockPool pool) {
    int from = 0;
    int block = BlockPool.NULL_BLOCK;
    for (; from < keys.count(); from++) {
      block = pool.find(keys.key(from), block);
      if (block == BlockPool.NULL_BLOCK && !promises.contains(keys.key(from))) {
        break;
      }
    }
    for (int i = from; i < keys.count(); i++) {
      promises.add(keys.key(i));
    }
    show(keys, from, keys.count());
    return from;
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
      holder.store(keys, from, to, Claim.PREDICTED);
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
