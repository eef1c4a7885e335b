package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.MadeKeys;
import java.util.Arrays;
import java.util.Random;

/**
 * A tree of 1,000,000 blocks: 125 texts of 8,000 blocks. Every replica holds the first 500 blocks
 * of each text (a long system prompt). Every replica holds a different length of the <em>hot</em>
 * texts, which is the most that a look-up can be asked to tell apart. Eight replicas hold some
 * length of each other text.
 */
final class BigTree {

  static final int TEXTS = 125;
  static final int TEXT_BLOCKS = 8_000;

  private static final int HOT = 16;
  private static final int SYSTEM_BLOCKS = 500;
  private static final int HOLDERS = 8;

  final BlockKeys[] hot = new BlockKeys[HOT];
  final BlockKeys[] cold = new BlockKeys[TEXTS - HOT];
  final BlockKeys[] unknown = new BlockKeys[HOT];
  long stored;

  private final Random random = new Random(1);

  BigTree() {
    Arrays.setAll(hot, i -> text());
    Arrays.setAll(cold, i -> text());
    Arrays.setAll(unknown, i -> text());
  }

  private BlockKeys text() {
    long[] keys = random.longs(TEXT_BLOCKS).toArray();
    return MadeKeys.of(keys);
  }

  void fill(IndexUnderTest index, int replicas) {
    for (int i = 0; i < TEXTS; i++) {
      BlockKeys text = i < HOT ? hot[i] : cold[i - HOT];
      for (int slot = 0; slot < replicas; slot++) {
        int blocks = i < HOT ? random.nextInt(SYSTEM_BLOCKS, TEXT_BLOCKS) : SYSTEM_BLOCKS;
        store(index, slot, text, blocks);
      }
      for (int n = 0; n < HOLDERS; n++) {
        int blocks = n == 0 ? TEXT_BLOCKS : random.nextInt(TEXT_BLOCKS);
        store(index, random.nextInt(replicas), text, blocks);
      }
    }
  }

  private void store(IndexUnderTest index, int slot, BlockKeys keys, int blocks) {
    index.store(slot, keys, 0, blocks);
    stored += blocks;
  }
}
