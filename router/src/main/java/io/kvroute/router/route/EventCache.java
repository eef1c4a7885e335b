package io.kvroute.router.route;

import com.carrotsearch.hppc.LongIntHashMap;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.index.Presence;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The cache of an engine that tells what it stores and removes; that is entered in the index by
 * whoever hears it. Here only what requests under way will add is predicted, and taken back when
 * they end: what came true is held by what the engine told.
 */
final class EventCache implements ReplicaCache {

  private final IndexWriter holder;
  private final int blockSize;
  private final LongIntHashMap promises = new LongIntHashMap();
  private final Set<Promise> open = new HashSet<>();
  private int capacityBlocks;
  private int usedBlocks;

  EventCache(IndexWriter holder, int blockSize) {
    this.holder = holder;
    this.blockSize = blockSize;
  }

  IndexWriter holder() {
    return holder;
  }

  /** The engine told of its space. */
  void space(int newCapacityBlocks, double usedShare) {
    capacityBlocks = newCapacityBlocks;
    usedBlocks = (int) (usedShare * newCapacityBlocks);
  }

  /** Forgets what the engine told; what requests under way will add is still expected. */
  void forgetTold() {
    holder.clear();
    open.forEach(Promise::show);
  }

  /** Expects nothing any more of the requests under way. */
  void forgetPromises() {
    List.copyOf(open).forEach(Promise::takeBack);
  }

  @Override
  public Passage expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    Promise promise = new Promise(prompt.blocks(blockSize));
    promise.make();
    return promise;
  }

  @Override
  public int lasting(BlockKeys keys, int held) {
    return held;
  }

  @Override
  public void advance(long nowNanos) {}

  @Override
  public int blockSize() {
    return blockSize;
  }

  @Override
  public int heldBlocks() {
    return holder.blocks();
  }

  @Override
  public int capacityBlocks() {
    return capacityBlocks;
  }

  @Override
  public int usedBlocks() {
    return usedBlocks;
  }

  private final class Promise implements Passage {

    private final BlockKeys keys;

    Promise(BlockKeys keys) {
      this.keys = keys;
    }

    private void make() {
      for (int i = 0; i < keys.count(); i++) {
        promises.putOrAdd(keys.key(i), 1, 1);
      }
      open.add(this);
      show();
    }

    private void show() {
      if (keys.count() > 0) {
        holder.store(keys, 0, keys.count(), Presence.PREDICTED);
      }
    }

    private void takeBack() {
      if (!open.remove(this)) {
        return;
      }
      for (int i = keys.count() - 1; i >= 0; i--) {
        long key = keys.key(i);
        if (promises.addTo(key, -1) <= 0) {
          promises.remove(key);
          holder.remove(key, Presence.PREDICTED);
        }
      }
    }

    @Override
    public void firstToken() {}

    @Override
    public void generated(int tokens) {}

    @Override
    public void ended(Outcome outcome, int tokens) {
      takeBack();
    }
  }
}
