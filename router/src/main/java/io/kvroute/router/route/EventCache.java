package io.kvroute.router.route;

import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.Claim;
import io.kvroute.router.index.Holder;
import io.kvroute.router.index.PromptKeys;

/**
 * The cache of a replica that tells what it holds: events are entered elsewhere, and here only what
 * they cannot tell yet. A request's blocks are predicted when it is sent and taken back when it
 * ends: by then the engine has told of them, or does not hold them.
 */
final class EventCache implements ReplicaCache {

  private final Holder holder;
  private final int blockSize;
  private int blocks;

  EventCache(Holder holder, int blocks, int blockSize) {
    this.holder = holder;
    this.blocks = blocks;
    this.blockSize = blockSize;
  }

  @Override
  public String knowledge() {
    return "events";
  }

  @Override
  public Passage expect(PromptKeys prompt, long admissionNanos) {
    BlockKeys keys = prompt.blocks(blockSize);
    int from = 0;
    while (from < keys.count() && holder.holds(keys.key(from), Claim.GPU)) {
      from++;
    }
    holder.store(keys, from, keys.count(), Claim.PREDICTED);
    int firstPredicted = from;
    return new Passage() {
      @Override
      public void firstToken() {}

      @Override
      public void generated(int tokens) {}

      @Override
      public void ended(Outcome outcome) {
        for (int i = firstPredicted; i < keys.count(); i++) {
          holder.remove(keys.key(i), Claim.PREDICTED);
        }
      }
    };
  }

  @Override
  public void advance(long nowNanos) {}

  @Override
  public void restart() {
    holder.clear();
  }

  @Override
  public void resize(int newBlocks) {
    blocks = newBlocks;
  }

  @Override
  public int capacity() {
    return blocks - 1;
  }

  @Override
  public int blocksHeld() {
    return holder.blocks();
  }

  @Override
  public void close() {
    holder.close();
  }
}
