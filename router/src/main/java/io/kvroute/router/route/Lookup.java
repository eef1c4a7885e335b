package io.kvroute.router.route;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.index.Rung;

/** Asks the index what each candidate holds of a prompt. Guarded by the router's lock. */
final class Lookup {

  private final Roster roster;
  private int[] blocksBySlot = {};

  Lookup(Roster roster) {
    this.roster = roster;
  }

  /** Computes the keys that a look-up will need; to be done without the lock. */
  static void prepare(ModelPool pool, PromptKeys keys) {
    if (keys.rung() != Rung.LOAD) {
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
    if (candidates.keys.rung() == Rung.LOAD) {
      return best;
    }
    for (int blockSize : candidates.pool.blockSizes()) {
      blocks(candidates.keys, blockSize);
      for (int i = 0; i < candidates.count; i++) {
        int slot = candidates.slots[i];
        if (roster.blockSize(slot) == blockSize) {
          Member member = roster.member(slot);
          candidates.matchedTokens[i] = lasting(candidates.keys, member) * blockSize;
          if (member.cache.isHeard()) {
            candidates.toldTokens[i] = blocksBySlot[Columns.heard(slot)] * blockSize;
          }
          best = Math.max(best, candidates.matchedTokens[i]);
        }
      }
    }
    return best;
  }

  /** The tokens that one replica matches, candidate or not. */
  int matchedTokens(PromptKeys keys, Member member) {
    if (keys.rung() == Rung.LOAD) {
      return 0;
    }
    blocks(keys, member.blockSize());
    return lasting(keys, member) * member.blockSize();
  }

  /** Of the blocks that a replica holds now, those that will be there for the prompt. */
  private int lasting(PromptKeys keys, Member member) {
    int modelled = blocksBySlot[Columns.modelled(member.slot)];
    int heard = blocksBySlot[Columns.heard(member.slot)];
    return modelled + heard == 0
        ? 0
        : member.cache.lasting(keys.blocks(member.blockSize()), modelled, heard);
  }

  private void blocks(PromptKeys keys, int blockSize) {
    int columns = Columns.modelled(roster.slots());
    if (blocksBySlot.length < columns) {
      blocksBySlot = new int[columns];
    }
    BlockIndex index = roster.index(blockSize);
    if (index != null) {
      index.match(keys.blocks(blockSize), blocksBySlot);
    }
  }
}
