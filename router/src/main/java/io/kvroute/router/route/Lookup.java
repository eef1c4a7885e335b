package io.kvroute.router.route;

import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.index.Rung;

/** Finds how much of a prompt each candidate holds. Confined to the router's lock. */
final class Lookup {

  private final Ledgers ledgers;
  private int[] matchedBlocks = new int[16];

  Lookup(Ledgers ledgers) {
    this.ledgers = ledgers;
  }

  /** Fills in the candidates' matched tokens; replicas may differ in block size. */
  void match(PromptKeys prompt, Candidates candidates) {
    if (prompt.rung() == Rung.LOAD) {
      return;
    }
    if (matchedBlocks.length < ledgers.slots()) {
      matchedBlocks = new int[2 * ledgers.slots()];
    }
    int sizeDone = 0;
    for (int i = 0; i < candidates.count(); i++) {
      int blockSize = candidates.ledger(i).blockSize();
      if (blockSize != sizeDone) {
        BlockKeys keys = prompt.blocks(blockSize);
        ledgers.index(blockSize).match(keys, matchedBlocks);
      }
      candidates.match(i, matchedBlocks[candidates.ledger(i).slot()] * blockSize);
      sizeDone = blockSize;
    }
  }
}
