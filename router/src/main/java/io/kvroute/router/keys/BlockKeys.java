package io.kvroute.router.keys;

/**
 * The chained keys of a sequence's full blocks at one block size: {@code key(i)} identifies the
 * whole prefix up to and including block i. Immutable.
 */
public final class BlockKeys {

  private final long root;
  private final boolean fragment;
  private final long[] keys;
  private final int blockSize;
  private final int tokens;

  BlockKeys(long root, boolean fragment, long[] keys, int blockSize, int tokens) {
    this.root = root;
    this.fragment = fragment;
    this.keys = keys;
    this.blockSize = blockSize;
    this.tokens = tokens;
  }

  /**
   * The keys of a sequence from its start.
   *
   * @param root the root of its chain, from a {@link KeySpace}
   * @param ids only the first {@code count} are read
   */
  public static BlockKeys fromRoot(long root, int[] ids, int count, int blockSize) {
    return new BlockKeys(root, false, hash(root, ids, count, blockSize), blockSize, count);
  }

  /**
   * The keys of blocks that follow another block, as reported by an engine's event.
   *
   * @param parentKey the key of the block before the first
   * @param ids only the first {@code count} are read
   */
  public static BlockKeys after(long parentKey, int[] ids, int count, int blockSize) {
    return new BlockKeys(parentKey, true, hash(parentKey, ids, count, blockSize), blockSize, count);
  }

  private static long[] hash(long parent, int[] ids, int count, int blockSize) {
    long[] keys = new long[count / blockSize];
    extend(parent, keys, 0, ids, blockSize);
    return keys;
  }

  /** Fills {@code keys} from index {@code known} on; {@code parent} is the key before that. */
  static void extend(long parent, long[] keys, int known, int[] ids, int blockSize) {
    long key = parent;
    for (int i = known; i < keys.length; i++) {
      key = BlockHash.block(key, ids, i * blockSize, (i + 1) * blockSize);
      keys[i] = key;
    }
  }

  /** The key before the first block: the chain's root, or the key of the block that it follows. */
  public long root() {
    return root;
  }

  /** Whether the first block follows another block, instead of starting a chain. */
  public boolean isFragment() {
    return fragment;
  }

  /** Full blocks in the sequence. */
  public int count() {
    return keys.length;
  }

  /** Tokens of the sequence, including those of the last block if it is not full. */
  public int tokens() {
    return tokens;
  }

  /**
   * The number of blocks that an engine could reuse. An engine always computes a prompt's last
   * token again, so a prompt of exactly n blocks can hit n - 1. A finished sequence leaves the same
   * number of blocks in the cache, because its last token is never computed.
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

  /** The keys themselves, not a copy; must not be changed. */
  public long[] raw() {
    return keys;
  }
}
