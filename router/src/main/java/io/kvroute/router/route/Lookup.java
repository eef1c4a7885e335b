package io.kvroute.router.route;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;

/** Asks the index what each candidate holds of a prompt. Guarded by the router's lock. */
final class Lookup {

  private final ReplicaRegistry roster;
  private int[] blocksBySlot = {};

  Lookup(ReplicaRegistry roster) {
    this.roster = roster;
  }

  /** Computes the keys that a look-up will need; to be done without the lock. */
  static void prepare(ModelPool pool, PromptKeys keys) {
    if (keys.mode() != PromptMode.LOAD) {
      for (int blockSize : pool.blockSizes()) {
        keys.blocks(blockSize);
      }
    }
  }

  /**
   * Fills in the candidates' matched tokens.
   *
   * @return the most that any of them matches
   */
  int match(Candidates candidates) {
    int best = 0;
    if (candidates.keys.mode() == PromptMode.LOAD) {
      return best;
    }
    for (int blockSize : candidates.pool.blockSizes()) {
      blocks(candidates.keys, blockSize);
      for (int i = 0; i < candidates.count; i++) {
        int slot = candidates.slots[i];
        if (roster.blockSize(slot) == blockSize) {
          RoutedReplica member = roster.member(slot);
          candidates.matchedTokens[i] = lasting(candidates.keys, member) * blockSize;
          if (member.cache.isHeard()) {
            candidates.toldTokens[i] = blocksBySlot[ReplicaSlots.heard(slot)] * blockSize;
          }
          best = Math.max(best, candidates.matchedTokens[i]);
        }
      }
    }
    return best;
  }

  /** The tokens that one replica matches, candidate or not. */
  int matchedTokens(PromptKeys keys, RoutedReplica member) {
    if (keys.mode() == PromptMode.LOAD) {
      return 0;
    }
    blocks(keys, member.blockSize());
    return lasting(keys, member) * member.blockSize();
  }

  /** Of the blocks that a replica holds now, those that will be there for the prompt. */
  private int lasting(PromptKeys keys, RoutedReplica member) {
    int modelled = blocksBySlot[ReplicaSlots.modelled(member.slot)];
    int heard = blocksBySlot[ReplicaSlots.heard(member.slot)];
    return modelled + heard == 0
        ? 0
        : member.cache.lasting(keys.blocks(member.blockSize()), modelled, heard);
  }

  private void blocks(PromptKeys keys, int blockSize) {
    int columns = ReplicaSlots.modelled(roster.slots());
    if (blocksBySlot.length < columns) {
      blocksBySlot = new int[columns];
    }
    BlockIndex index = roster.index(blockSize);
    if (index != null) {
      index.match(keys.blocks(blockSize), blocksBySlot);
    }
  }
}
