package io.kvroute.router.route;

import com.carrotsearch.hppc.LongIntHashMap;
import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.Claim;
import io.kvroute.router.index.Holder;
import io.kvroute.router.index.PromptKeys;

/**
 * The cache of an engine that tells what it stores and removes; that is entered in the index by
 * whoever hears it. Here only what requests under way will add is predicted, and taken back when
 * they end: what came true is held by what the engine told.
 */
final class EventCache implements ReplicaCache {

  private final Holder holder;
  private final int blockSize;
  private final LongIntHashMap promises = new LongIntHashMap();
  private int capacityBlocks;
  private int usedBlocks;

  EventCache(Holder holder, int blockSize) {
    this.holder = holder;
    this.blockSize = blockSize;
  }

  Holder holder() {
    return holder;
  }

  /** The engine told of its space. */
  void space(int newCapacityBlocks, double usedShare) {
    capacityBlocks = newCapacityBlocks;
    usedBlocks = (int) (usedShare * newCapacityBlocks);
  }

  @Override
  public Passage expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    BlockKeys keys = prompt.blocks(blockSize);
    for (int i = 0; i < keys.count(); i++) {
      promises.putOrAdd(keys.key(i), 1, 1);
    }
    if (keys.count() > 0) {
      holder.store(keys, 0, keys.count(), Claim.PREDICTED);
    }
    return new Promise(keys);
  }

  @Override
  public int lasting(BlockKeys keys, int held) {
    return held;
  }

  @Override
  public void advance(long nowNanos) {}

  @Override
  public String knowledge() {
    return "events";
  }

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

    @Override
    public void firstToken() {}

    @Override
    public void generated(int tokens) {}

    @Override
    public void ended(Outcome outcome, int tokens) {
      for (int i = keys.count() - 1; i >= 0; i--) {
        long key = keys.key(i);
        if (promises.addTo(key, -1) <= 0) {
          promises.remove(key);
          holder.remove(key, Claim.PREDICTED);
        }
      }
    }
  }
}
