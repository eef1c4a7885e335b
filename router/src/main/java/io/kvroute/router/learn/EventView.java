package io.kvroute.router.learn;

import io.kvroute.router.keys.BlockKeys;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that one rank holds according to its events. Events identify blocks by the engine's
 * own hashes (engine hashes), which are used here only to find a block's parent and to remove
 * blocks; the index knows blocks by the keys of their tokens.
 *
 * <p>vLLM reports a block as stored once for each copy that it holds, and as removed as often, so
 * copies are counted: the block is gone with the last one. TensorRT-LLM has one copy of each block,
 * so a repeated report changes nothing. Not thread-safe.
 */
public final class EventView {

  private final DataParallelBlocks dataParallelBlocks;
  private final boolean countsCopies;
  private final boolean onlyRank;
  private final Map<Tier, HashToKeyMap> blocksByTier = new EnumMap<>(Tier.class);

  /** The view of a vLLM engine with one rank. */
  public EventView(EventTarget target) {
    this(new DataParallelBlocks(target), true, true);
  }

  /**
   * The view of one rank.
   *
   * @param countsCopies whether the engine reports each copy of a block
   * @param onlyRank whether no other rank uses {@code dataParallelBlocks}
   */
  EventView(DataParallelBlocks dataParallelBlocks, boolean countsCopies, boolean onlyRank) {
    this.dataParallelBlocks = dataParallelBlocks;
    this.countsCopies = countsCopies;
    this.onlyRank = onlyRank;
    for (Tier tier : Tier.values()) {
      blocksByTier.put(tier, new HashToKeyMap());
    }
  }

  /** A new batch of events begins. */
  public void newBatch() {
    dataParallelBlocks.newBatch();
  }

  /** Applies one event. Blocks whose parent is unknown are ignored. */
  public void apply(KvEvent event) {
    switch (event) {
      case KvEvent.Stored stored -> {
        if (stored.countsForPrefixes()) {
          store(stored);
        }
      }
      case KvEvent.Removed removed -> {
        for (int i = 0; i < removed.hashes().size(); i++) {
          remove(removed.tier(), engineHash(removed.group(), removed.hashes().get(i)));
        }
      }
      case KvEvent.Moved moved -> move(moved);
      case KvEvent.Cleared cleared -> clear();
    }
  }

  /** Removes all blocks. */
  public void clear() {
    if (onlyRank) {
      blocksByTier.values().forEach(HashToKeyMap::clear);
      dataParallelBlocks.clear();
    } else {
      blocksByTier.forEach((tier, blocks) -> blocks.removeAllFrom(dataParallelBlocks, tier));
    }
  }

  private void store(KvEvent.Stored event) {
    StoredBlocks stored = event.stored();
    if (stored.tokens().count() == 0) {
      storeKnownBlocks(event);
      return;
    }
    if (!stored.hasAllTokens() || stored.holdsMedia()) {
      return;
    }
    BlockKeys keys = keys(event);
    if (keys == null || !dataParallelBlocks.store(keys, stored.blockSize(), event.tier())) {
      return;
    }
    for (int i = 0; i < keys.count(); i++) {
      add(event.tier(), engineHash(event.group(), stored.hashes().get(i)), keys.key(i));
    }
  }

  /** The blocks' keys; null if their parent is unknown. */
  private @Nullable BlockKeys keys(KvEvent.Stored event) {
    StoredBlocks stored = event.stored();
    int[] ids = stored.tokens().raw();
    Long parent = stored.parent();
    if (parent == null) {
      long root = dataParallelBlocks.root(stored.lora(), stored.cacheSalt());
      return BlockKeys.fromRoot(root, ids, ids.length, stored.blockSize());
    }
    long parentHash = engineHash(event.group(), parent);
    HashToKeyMap blocks = blocksWith(parentHash);
    return blocks == null
        ? null
        : BlockKeys.after(blocks.key(parentHash), ids, ids.length, stored.blockSize());
  }

  /** The blocks of the tier nearest to the GPU that has this engine hash; null if none has. */
  private @Nullable HashToKeyMap blocksWith(long engineHash) {
    for (HashToKeyMap blocks : blocksByTier.values()) {
      if (blocks.contains(engineHash)) {
        return blocks;
      }
    }
    return null;
  }

  /** Offloading connectors report blocks without tokens: their keys are known from other tiers. */
  private void storeKnownBlocks(KvEvent.Stored event) {
    for (int i = 0; i < event.stored().hashes().size(); i++) {
      storeKnownBlock(event.tier(), engineHash(event.group(), event.stored().hashes().get(i)));
    }
  }

  private void storeKnownBlock(Tier tier, long engineHash) {
    HashToKeyMap known = blocksWith(engineHash);
    if (known != null) {
      long key = known.key(engineHash);
      dataParallelBlocks.mark(key, tier);
      add(tier, engineHash, key);
    }
  }

  /** Moves a block from all other tiers to one. */
  private void move(KvEvent.Moved event) {
    long engineHash = engineHash(event.group(), event.hash());
    storeKnownBlock(event.to(), engineHash);
    for (Tier tier : Tier.values()) {
      if (tier != event.to()) {
        remove(tier, engineHash);
      }
    }
  }

  private void add(Tier tier, long engineHash, long key) {
    HashToKeyMap blocks = blocks(tier);
    if (!blocks.contains(engineHash)) {
      blocks.add(engineHash, key);
      dataParallelBlocks.addHash(tier, key);
    } else if (countsCopies) {
      blocks.addCopy(engineHash);
    }
  }

  /** Removes a copy from one tier, or from every tier if {@code from} is null. */
  private void remove(@Nullable Tier from, long engineHash) {
    for (Tier tier : Tier.values()) {
      HashToKeyMap blocks = blocks(tier);
      if ((from == null || from == tier) && blocks.contains(engineHash)) {
        long key = blocks.key(engineHash);
        if (blocks.removeCopy(engineHash)) {
          dataParallelBlocks.removeHash(tier, key);
        }
      }
    }
  }

  private HashToKeyMap blocks(Tier tier) {
    return Objects.requireNonNull(blocksByTier.get(tier), "a map of all tiers");
  }

  /** Makes equal hashes of different cache groups differ. */
  private static long engineHash(int group, long hash) {
    return hash + Long.rotateLeft(group, 56);
  }
}
