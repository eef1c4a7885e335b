package io.kvroute.router.keys;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The roots of chains of block keys. Prompts of different models, adapters or cache salts have
 * different roots, and so have text and token ids; they never share a key. All names of one model
 * have the same root.
 *
 * <p>The seed is secret, and random unless several routers share keys, so that no client can craft
 * two prompts with colliding keys.
 */
public final class KeySpace {

  private final long seed;
  private final UnaryOperator<String> cacheNameOf;

  /** A space in which each name is a separate model. */
  public KeySpace(long seed) {
    this(seed, UnaryOperator.identity());
  }

  /**
   * A space for models that may have several names.
   *
   * @param cacheNameOf maps all names of a model to one; thread-safe and fast
   */
  public KeySpace(long seed, UnaryOperator<String> cacheNameOf) {
    this.seed = seed;
    this.cacheNameOf = cacheNameOf;
  }

  /** The root of prompts in token ids. */
  public long tokenRoot(String model, @Nullable String cacheSalt) {
    return root(1, model, cacheSalt);
  }

  /** The root of prompts of which only the text is known. */
  public long textRoot(String model, @Nullable String cacheSalt) {
    return root(2, model, cacheSalt);
  }

  private long root(int kind, String model, @Nullable String cacheSalt) {
    long key = BlockHash.mix(seed, kind);
    key = absorb(key, cacheNameOf.apply(model));
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
