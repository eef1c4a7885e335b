package io.kvroute.router.index;

/**
 * The chained keys of a prompt's full blocks at one block size: {@code key(i)} names the whole
 * prefix up to and including block i. Immutable.
 */
public final class BlockKeys {

  private final long root;
  private final long[] keys;
  private final int blockSize;
  private final int tokens;

  BlockKeys(long root, long[] keys, int blockSize, int tokens) {
    this.root = root;
    this.keys = keys;
    this.blockSize = blockSize;
    this.tokens = tokens;
  }

  /** The key before the first block. */
  public long root() {
    return root;
  }

  /** Full blocks in the prompt. */
  public int count() {
    return keys.length;
  }

  /**
   * Blocks an engine could reuse: it always computes a prompt's last token again, so a prompt of
   * exactly n blocks can hit n - 1.
   */
  public int matchable() {
    return Math.min(keys.length, Math.max(0, tokens - 1) / blockSize);
  }

  public long key(int block) {
    return keys[block];
  }

  public int blockSize() {
    return blockSize;
  }

  /** The keys themselves, not a copy; not to be changed. */
  long[] raw() {
    return keys;
  }
}
