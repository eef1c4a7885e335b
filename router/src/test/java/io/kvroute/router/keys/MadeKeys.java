package io.kvroute.router.keys;

/** Block keys from given numbers, for trees so large that hashing ids would take too long. */
public final class MadeKeys {

  private static final long ROOT = 42;
  private static final int BLOCK_SIZE = 16;

  private MadeKeys() {}

  /** A sequence of full blocks of 16 tokens and one token more; the keys are not copied. */
  public static BlockKeys of(long[] keys) {
    return new BlockKeys(ROOT, false, keys, BLOCK_SIZE, keys.length * BLOCK_SIZE + 1);
  }
}
