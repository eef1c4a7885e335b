package io.kvroute.loadtest.engine;

import org.jspecify.annotations.Nullable;

/**
 * The chained 64-bit hashes of blocks: a block's hash covers its tokens and all tokens before them.
 * Each step multiplies by an odd constant and folds the high bits down, so that every bit of a
 * token affects the whole word. The finalizer is that of MurmurHash3 (Austin Appleby, public
 * domain).
 */
public final class EngineBlockHash {

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private EngineBlockHash() {}

  /** The hash of the empty prefix, from which sequences with this salt start. */
  public static long root(@Nullable String cacheSalt) {
    long h = MULTIPLIER;
    if (cacheSalt != null) {
      for (int i = 0; i < cacheSalt.length(); i++) {
        h = step(h, cacheSalt.charAt(i));
      }
      h = finish(h ^ cacheSalt.length());
    }
    return h;
  }

  /**
   * The hash of block {@code tokens[from, to)}, which follows the block with hash {@code parent}.
   */
  public static long chain(long parent, int[] tokens, int from, int to) {
    long h = parent;
    for (int i = from; i < to; i++) {
      h = step(h, tokens[i]);
    }
    return finish(h);
  }

  private static long step(long h, int value) {
    long x = (h ^ value) * MULTIPLIER;
    return x ^ (x >>> 29);
  }

  private static long finish(long h) {
    long x = h;
    x = (x ^ (x >>> 33)) * 0xFF51AFD7ED558CCDL;
    x = (x ^ (x >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return x ^ (x >>> 33);
  }
}
