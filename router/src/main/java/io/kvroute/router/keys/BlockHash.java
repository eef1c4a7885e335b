package io.kvroute.router.keys;

/**
 * The chained hash behind block keys. Each key depends on its parent's key and the block's ids, so
 * equal keys mean equal prefixes. Mixes as wyhash (Wang Yi,
 * "https://github.com/wangyi-fudan/wyhash") and XXH3 do: it multiplies two 64-bit values and folds
 * the 128-bit product. Each step mixes four ids. Every step has its own constants, so that no step
 * waits for another. Every step also mixes in the parent's key; it is derived from the secret seed
 * of the {@link KeySpace}, so that clients cannot construct collisions.
 */
final class BlockHash {

  private static final long P0 = 0xa0761d6478bd642fL;
  private static final long P1 = 0xe7037ed1a0b428dbL;
  private static final long P2 = 0x8ebc6af09c88c6e3L;
  private static final long P3 = 0x589965cc75374cc3L;
  private static final int IDS_PER_STEP = 4;

  private BlockHash() {}

  /** Folds one word into a running key. */
  static long mix(long key, long word) {
    return fold(key ^ P0, word ^ P1) ^ Long.rotateLeft(key, 32);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
  }

  /** The key of the block {@code ids[from..to)} after {@code parent}. */
  static long block(long parent, int[] ids, int from, int to) {
    long sum = 0;
    long a = parent + P0;
    long b = parent ^ P1;
    int i = from;
    for (; i + IDS_PER_STEP <= to; i += IDS_PER_STEP) {
      sum += fold(word(ids, i) ^ a, word(ids, i + 2) ^ b);
      a += P2;
      b += P3;
    }
    for (; i < to; i++) {
      sum = mix(sum + a, ids[i]);
    }
    return mix(parent ^ sum, to - from);
  }

  private static long word(int[] ids, int i) {
    return ((long) ids[i] << 32) | (ids[i + 1] & 0xffffffffL);
  }
}
