package io.kvroute.router.index;

/**
 * The chained hash behind block keys: each key depends on its parent's key and the block's ids, so
 * equal keys mean equal prefixes. Multiply-and-fold mixing as in wyhash (Wang Yi,
 * "https://github.com/wangyi-fudan/wyhash"), two ids a step.
 */
final class BlockHash {

  private static final long P0 = 0xa0761d6478bd642fL;
  private static final long P1 = 0xe7037ed1a0b428dbL;

  private BlockHash() {}

  /** Folds one word into a running key. */
  static long mix(long key, long word) {
    long a = key ^ P0;
    long b = word ^ P1;
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b) ^ Long.rotateLeft(key, 32);
  }

  /** The key of the block {@code ids[from..to)} after {@code parent}. */
  static long block(long parent, int[] ids, int from, int to) {
    long key = parent;
    int i = from;
    for (; i + 1 < to; i += 2) {
      key = mix(key, ((long) ids[i] << 32) | (ids[i + 1] & 0xffffffffL));
    }
    if (i < to) {
      key = mix(key, ids[i]);
    }
    return mix(key, to - from);
  }
}
