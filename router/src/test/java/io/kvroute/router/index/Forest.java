package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.Random;

/** Random prompts that share prefixes and branch off each other anywhere. */
final class Forest {

  private static final int BLOCK = 2;

  private final BlockKeys[] chains;

  Forest(Random random, int chains, int maxBlocks) {
    this.chains = new BlockKeys[chains];
    int[][] ids = new int[chains][];
    for (int i = 0; i < chains; i++) {
      int[] text = random.ints((1L + random.nextInt(maxBlocks)) * BLOCK + 1).toArray();
      if (i > 0 && random.nextInt(10) > 0) {
        int[] trunk = ids[random.nextInt(i)];
        int shared = random.nextInt(Math.min(trunk.length, text.length));
        System.arraycopy(trunk, 0, text, 0, shared);
      }
      ids[i] = text;
      this.chains[i] = BlockKeys.fromRoot(42, text, text.length, BLOCK);
    }
  }

  BlockKeys any(Random random) {
    return chains[random.nextInt(chains.length)];
  }
}
