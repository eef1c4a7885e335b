package io.kvroute.router.keys;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where chains of block keys start. Prompts of different models, adapters or cache salts, and text
 * and token ids, start from different roots and so never share a key; names of one model start from
 * the same.
 *
 * <p>The seed is secret and random unless routers share keys, so that nobody can craft two prompts
 * whose keys collide.
 */
public final class KeySpace {

  private final long seed;
  private final UnaryOperator<String> cacheOf;

  /** A space in which each name is a model of its own. */
  public KeySpace(long seed) {
    this(seed, UnaryOperator.identity());
  }

  /**
   * A space for models with several names.
   *
   * @param cacheOf equal for all names of a model; thread-safe, and quick
   */
  public KeySpace(long seed, UnaryOperator<String> cacheOf) {
    this.seed = seed;
    this.cacheOf = cacheOf;
  }

  /** The root for prompts whose ids are token ids. */
  public long tokenRoot(String model, @Nullable String cacheSalt) {
    return root(1, model, cacheSalt);
  }

  /** The root for prompts known only by their text. */
  public long textRoot(String model, @Nullable String cacheSalt) {
    return root(2, model, cacheSalt);
  }

  private long root(int kind, String model, @Nullable String cacheSalt) {
    long key = BlockHash.mix(seed, kind);
    key = absorb(key, cacheOf.apply(model));
    return cacheSalt == null ? key : absorb(BlockHash.mix(key, 3), cacheSalt);
  }

  private static long absorb(long key, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long mixed = BlockHash.mix(key, bytes.length);
    for (byte b : bytes) {
      mixed = BlockHash.mix(mixed, b);
    }
    return mixed;
  }
}
