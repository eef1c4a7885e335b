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
 * The event view of a replica's cache. The event stream enters reported blocks in the index through
 * {@link #holder()}; this class adds the blocks that requests in flight are predicted to store, and
 * removes them when their requests end. By then events have reported the blocks that the engine
 * really stored.
 *
 * <p>The index counts a block as held while it is reported or predicted. Several requests may
 * predict the same block, so a count is kept for each predicted key. Entering or ending a request
 * costs O(blocks of its prompt).
 */
final class EventCache implements ReplicaCache {

  private final IndexWriter holder;
  private final int blockSize;
  private final LongIntHashMap predictionCounts = new LongIntHashMap();
  private final Set<PredictedBlocks> inFlight = new HashSet<>();
  private int capacityBlocks;
  private int usedBlocks;

  EventCache(IndexWriter holder, int blockSize) {
    this.holder = holder;
    this.blockSize = blockSize;
  }

  IndexWriter holder() {
    return holder;
  }

  /** The engine reported its space; see {@link CacheKnowledge#reportedSpace}. */
  void reportedSpace(int newCapacityBlocks, double usedShare) {
    capacityBlocks = newCapacityBlocks;
    usedBlocks = (int) (usedShare * newCapacityBlocks);
  }

  /** Drops all reported blocks; predicted blocks stay. */
  void clear() {
    holder.clear();
    inFlight.forEach(PredictedBlocks::store);
  }

  /** Drops all predicted blocks. */
  void dropPredictions() {
    List.copyOf(inFlight).forEach(PredictedBlocks::drop);
  }

  @Override
  public CacheUse expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    PredictedBlocks predicted = new PredictedBlocks(prompt.blocks(blockSize));
    predicted.add();
    return predicted;
  }

  @Override
  public int surviving(BlockKeys keys, int held) {
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

  /** The blocks that one request in flight is predicted to store. */
  private final class PredictedBlocks implements CacheUse {

    private final BlockKeys keys;

    PredictedBlocks(BlockKeys keys) {
      this.keys = keys;
    }

    private void add() {
      for (int i = 0; i < keys.count(); i++) {
        predictionCounts.putOrAdd(keys.key(i), 1, 1);
      }
      inFlight.add(this);
      store();
    }

    private void store() {
      if (keys.count() > 0) {
        holder.store(keys, 0, keys.count(), Presence.PREDICTED);
      }
    }

    private void drop() {
      if (!inFlight.remove(this)) {
        return;
      }
      for (int i = keys.count() - 1; i >= 0; i--) {
        long key = keys.key(i);
        if (predictionCounts.addTo(key, -1) <= 0) {
          predictionCounts.remove(key);
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
      drop();
    }
  }
}
