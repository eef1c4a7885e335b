package io.kvroute.router.learn;

import io.kvroute.router.keys.BlockKeys;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one rank's events say it holds. Engines name blocks by hashes of their own; these serve to
 * find a parent and to remove, while the index knows blocks by the keys of their tokens.
 *
 * <p>vLLM announces a block as often as it holds copies of it and removes it as often, so its
 * announcements are counted: a block is gone with the last of them. TensorRT-LLM has each block
 * once, so that a second announcement only repeats the first. Not thread-safe.
 */
public final class EventView {

  private final RankedBlocks holdings;
  private final boolean countsCopies;
  private final boolean alone;
  private final Map<Tier, BlockNames> namesByTier = new EnumMap<>(Tier.class);

  /** The view of a vLLM that has one rank. */
  public EventView(EventTarget target) {
    this(new RankedBlocks(target), true, true);
  }

  /**
   * A rank's view.
   *
   * @param countsCopies whether the engine announces each copy of a block
   * @param alone whether no other rank enters in {@code holdings}
   */
  EventView(RankedBlocks holdings, boolean countsCopies, boolean alone) {
    this.holdings = holdings;
    this.countsCopies = countsCopies;
    this.alone = alone;
    for (Tier tier : Tier.values()) {
      namesByTier.put(tier, new BlockNames());
    }
  }

  /** A new batch of events begins. */
  public void newBatch() {
    holdings.newBatch();
  }

  /** Applies one event; one that cannot be placed leaves the view as it is. */
  public void apply(KvEvent event) {
    switch (event) {
      case KvEvent.Stored stored -> {
        if (stored.countsForPrefixes()) {
          store(stored);
        }
      }
      case KvEvent.Removed removed -> {
        for (int i = 0; i < removed.hashes().size(); i++) {
          remove(removed.tier(), name(removed.group(), removed.hashes().get(i)));
        }
      }
      case KvEvent.Moved moved -> move(moved);
      case KvEvent.Cleared cleared -> clear();
    }
  }

  /** Forgets everything. */
  public void clear() {
    if (alone) {
      namesByTier.values().forEach(BlockNames::forget);
      holdings.clear();
    } else {
      namesByTier.forEach((tier, names) -> names.leave(holdings, tier));
    }
  }

  private void store(KvEvent.Stored event) {
    StoredBlocks blocks = event.stored();
    if (blocks.tokens().count() == 0) {
      enterInTier(event);
      return;
    }
    if (!blocks.selfDescribing() || blocks.holdsMedia()) {
      return;
    }
    BlockKeys chain = chain(event);
    if (chain == null || !holdings.store(chain, blocks.blockSize(), event.tier())) {
      return;
    }
    for (int i = 0; i < chain.count(); i++) {
      announce(event.tier(), name(event.group(), blocks.hashes().get(i)), chain.key(i));
    }
  }

  /** The blocks' keys; null where they follow a block that was never seen. */
  private @Nullable BlockKeys chain(KvEvent.Stored event) {
    StoredBlocks blocks = event.stored();
    int[] ids = blocks.tokens().raw();
    Long parent = blocks.parent();
    if (parent == null) {
      long root = holdings.root(blocks.lora(), blocks.cacheSalt());
      return BlockKeys.fromRoot(root, ids, ids.length, blocks.blockSize());
    }
    BlockNames names = tierOf(name(event.group(), parent));
    return names == null
        ? null
        : BlockKeys.after(
            names.key(name(event.group(), parent)), ids, ids.length, blocks.blockSize());
  }

  /** The tier that has the name, the nearest to the GPU if several do; null if none has. */
  private @Nullable BlockNames tierOf(long name) {
    for (BlockNames names : namesByTier.values()) {
      if (names.has(name)) {
        return names;
      }
    }
    return null;
  }

  /** An offloading connector names blocks without their tokens; other tiers' names tell which. */
  private void enterInTier(KvEvent.Stored event) {
    for (int i = 0; i < event.stored().hashes().size(); i++) {
      enterInTier(event.tier(), name(event.group(), event.stored().hashes().get(i)));
    }
  }

  private void enterInTier(Tier tier, long name) {
    BlockNames known = tierOf(name);
    if (known != null) {
      long key = known.key(name);
      holdings.claim(key, tier);
      announce(tier, name, key);
    }
  }

  /** The block lies in another tier now. */
  private void move(KvEvent.Moved event) {
    long name = name(event.group(), event.hash());
    enterInTier(event.to(), name);
    for (Tier tier : Tier.values()) {
      if (tier != event.to()) {
        remove(tier, name);
      }
    }
  }

  private void announce(Tier tier, long name, long key) {
    BlockNames names = names(tier);
    if (!names.has(name)) {
      names.add(name, key);
      holdings.named(tier, key);
    } else if (countsCopies) {
      names.addCopy(name);
    }
  }

  private void remove(@Nullable Tier where, long name) {
    for (Tier tier : Tier.values()) {
      BlockNames names = names(tier);
      if ((where == null || where == tier) && names.has(name)) {
        long key = names.key(name);
        if (names.removeCopy(name)) {
          holdings.unnamed(tier, key);
        }
      }
    }
  }

  private BlockNames names(Tier tier) {
    return Objects.requireNonNull(namesByTier.get(tier), "a map of all tiers");
  }

  private static long name(int group, long hash) {
    return hash + Long.rotateLeft(group, 56);
  }
}
