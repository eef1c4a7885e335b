package io.kvroute.router.route;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;

/**
 * Looks up in the index how much of a prompt each candidate holds. Guarded by the router's lock.
 */
final class Lookup {

  private final ReplicaRegistry registry;

  /** Leading blocks held, by index slot, as last looked up. */
  private int[] blocksBySlot = {};

  Lookup(ReplicaRegistry registry) {
    this.registry = registry;
  }

  /** Computes the keys that a look-up will need; to be called without the lock. */
  static void prepare(ModelPool pool, PromptKeys keys) {
    if (keys.mode() != PromptMode.LOAD) {
      for (int blockSize : pool.blockSizes()) {
        keys.blocks(blockSize);
      }
    }
  }

  /** Fills in the candidates' matched tokens. */
  void match(Candidates candidates) {
    if (candidates.keys.mode() == PromptMode.LOAD) {
      return;
    }
    for (int blockSize : candidates.pool.blockSizes()) {
      lookUp(candidates.keys, blockSize);
      for (int i = 0; i < candidates.count; i++) {
        if (candidates.loads.blockSize[candidates.slots[i]] == blockSize) {
          match(candidates, i, blockSize);
        }
      }
    }
  }

  private void match(Candidates candidates, int position, int blockSize) {
    RoutedReplica replica = registry.replica(candidates.slots[position]);
    int matched = surviving(candidates.keys, replica) * blockSize;
    candidates.matchedTokens[position] = matched;
    candidates.bestMatchedTokens = Math.max(candidates.bestMatchedTokens, matched);
    if (replica.cache.hasEvents()) {
      candidates.eventTokens[position] =
          blocksBySlot[ReplicaSlots.events(replica.slot)] * blockSize;
    }
  }

  /** The matched tokens of one replica, candidate or not. */
  int matchedTokens(PromptKeys keys, RoutedReplica replica) {
    if (keys.mode() == PromptMode.LOAD) {
      return 0;
    }
    lookUp(keys, replica.blockSize());
    return surviving(keys, replica) * replica.blockSize();
  }

  /**
   * Leading blocks that the replica holds now and will still hold when its engine admits the
   * prompt.
   */
  private int surviving(PromptKeys keys, RoutedReplica replica) {
    int inShadow = blocksBySlot[ReplicaSlots.shadow(replica.slot)];
    int inEvents = blocksBySlot[ReplicaSlots.events(replica.slot)];
    return inShadow + inEvents == 0
        ? 0
        : replica.cache.surviving(keys.blocks(replica.blockSize()), inShadow, inEvents);
  }

  private void lookUp(PromptKeys keys, int blockSize) {
    int indexSlots = ReplicaSlots.shadow(registry.slots());
    if (blocksBySlot.length < indexSlots) {
      blocksBySlot = new int[indexSlots];
    }
    BlockIndex index = registry.caches.index(blockSize);
    if (index != null) {
      index.match(keys.blocks(blockSize), blocksBySlot);
    }
  }
}
