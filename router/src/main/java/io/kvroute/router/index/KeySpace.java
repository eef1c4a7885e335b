package io.kvroute.router.index;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where chains of block keys start. Prompts of different models, adapters or cache salts, and text
 * and token ids, start from different roots and so never share a key.
 *
 * <p>The seed is secret and random unless routers share keys, so that nobody can craft two prompts
 * whose keys collide.
 */
public final class KeySpace {

  private final long seed;

  public KeySpace(long seed) {
    this.seed = seed;
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
    key = absorb(key, model);
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
