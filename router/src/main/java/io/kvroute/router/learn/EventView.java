package io.kvroute.router.learn;

import com.carrotsearch.hppc.LongIntHashMap;
import com.carrotsearch.hppc.LongLongHashMap;
import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.Holder;
import org.jspecify.annotations.Nullable;

/**
 * What one engine's events say it holds, entered in the index. Engines name blocks by hashes of
 * their own; these serve to find a parent and to remove, while the index knows blocks by the keys
 * of their tokens.
 *
 * <p>An engine announces a block as often as it holds copies of it and removes it as often, and may
 * announce the same tokens under several hashes or groups, so announcements are counted: a block is
 * gone with the last of them. Not thread-safe.
 */
public final class EventView {

  private final EventTarget target;

  /** An engine's name for a block in a tier and group, to the block's key. */
  private final LongLongHashMap keyOfName = new LongLongHashMap();

  /** How many copies a name stands for, where it is more than one. */
  private final LongIntHashMap copiesOfName = new LongIntHashMap();

  /** How many names stand for a key in a tier. */
  private final LongIntHashMap namesOfPlace = new LongIntHashMap();

  /** Tokens in a block; an engine has one size for all blocks that count for prefixes. */
  private int blockSize;

  /** A view that is empty still. */
  public EventView(EventTarget target) {
    this.target = target;
  }

  /** Applies one event; one that cannot be placed leaves the view as it is. */
  public void apply(KvEvent event) {
    switch (event) {
      case KvEvent.Stored stored -> {
        if (stored.countsForPrefixes()) {
          store(stored);
        }
      }
      case KvEvent.Removed removed -> remove(removed);
      case KvEvent.Cleared cleared -> clear();
    }
  }

  /** Forgets everything. */
  public void clear() {
    keyOfName.clear();
    copiesOfName.clear();
    namesOfPlace.clear();
    Holder holder = holder();
    if (holder != null) {
      holder.clear();
    }
  }

  private @Nullable Holder holder() {
    return blockSize == 0 ? null : target.holder(blockSize);
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
    Holder holder = target.holder(blocks.blockSize());
    if (chain == null || holder == null) {
      return;
    }
    blockSize = blocks.blockSize();
    holder.store(chain, 0, chain.count(), event.tier().claim());
    for (int i = 0; i < chain.count(); i++) {
      announce(event.tier(), event.group(), blocks.hashes().get(i), chain.key(i));
    }
  }

  /** The blocks' keys; null where they follow a block that was never seen. */
  private @Nullable BlockKeys chain(KvEvent.Stored event) {
    StoredBlocks blocks = event.stored();
    int[] ids = blocks.tokens().raw();
    Long parent = blocks.parent();
    if (parent == null) {
      long root = target.root(blocks.lora(), blocks.cacheSalt());
      return BlockKeys.fromRoot(root, ids, ids.length, blocks.blockSize());
    }
    for (Tier tier : Tier.values()) {
      long name = name(tier, event.group(), parent);
      if (keyOfName.containsKey(name)) {
        return BlockKeys.after(keyOfName.get(name), ids, ids.length, blocks.blockSize());
      }
    }
    return null;
  }

  /** An offloading connector names blocks without their tokens; the GPU's names tell which. */
  private void enterInTier(KvEvent.Stored event) {
    Holder holder = holder();
    for (int i = 0; holder != null && i < event.stored().hashes().size(); i++) {
      long hash = event.stored().hashes().get(i);
      long inGpu = name(Tier.GPU, event.group(), hash);
      if (keyOfName.containsKey(inGpu)) {
        long key = keyOfName.get(inGpu);
        holder.claim(key, event.tier().claim());
        announce(event.tier(), event.group(), hash, key);
      }
    }
  }

  private void announce(Tier tier, int group, long hash, long key) {
    long name = name(tier, group, hash);
    if (keyOfName.containsKey(name)) {
      copiesOfName.putOrAdd(name, 2, 1);
    } else {
      keyOfName.put(name, key);
      namesOfPlace.putOrAdd(place(tier, key), 1, 1);
    }
  }

  private void remove(KvEvent.Removed event) {
    for (int i = 0; i < event.hashes().size(); i++) {
      long name = name(event.tier(), event.group(), event.hashes().get(i));
      if (keyOfName.containsKey(name) && decrement(copiesOfName, name) <= 0) {
        long key = keyOfName.remove(name);
        Holder holder = holder();
        if (decrement(namesOfPlace, place(event.tier(), key)) <= 0 && holder != null) {
          holder.remove(key, event.tier().claim());
        }
      }
    }
  }

  /** Takes one away; what is left, 0 or less where nothing is. */
  private static int decrement(LongIntHashMap counts, long of) {
    int left = counts.getOrDefault(of, 1) - 1;
    if (left <= 0) {
      counts.remove(of);
    } else {
      counts.put(of, left);
    }
    return left;
  }

  private static long name(Tier tier, int group, long hash) {
    return tier.salted(hash) + Long.rotateLeft(group, 56);
  }

  private static long place(Tier tier, long key) {
    return tier.salted(key);
  }
}
