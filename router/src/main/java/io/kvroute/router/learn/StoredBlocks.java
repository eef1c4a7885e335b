package io.kvroute.router.learn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive blocks that an engine has stored.
 *
 * @param hashes the engine's hashes of the blocks
 * @param parent the engine's hash of the block before the first, null at the start of a sequence
 * @param tokens the token ids in the blocks, {@code hashes.size() * blockSize} of them; none if an
 *     offloading connector reports only hashes
 * @param lora the adapter's name, or its number in decimal if the engine reports only that
 * @param extraKeys for each block what its content depends on besides tokens; null if not reported
 */
public record StoredBlocks(
    BlockHashes hashes,
    @Nullable Long parent,
    Tokens tokens,
    int blockSize,
    @Nullable String lora,
    @Nullable List<ExtraKeys> extraKeys) {

  /** Token ids, in order. */
  public static final class Tokens {
    private final int[] ids;

    /**
     * Wraps ids without copying them.
     *
     * @param ids must not be changed afterwards
     */
    public Tokens(int... ids) {
      this.ids = ids;
    }

    int[] raw() {
      return ids;
    }

    int count() {
      return ids.length;
    }
  }

  /**
   * What one block's content depends on besides its tokens.
   *
   * @param names adapter name and cache salt, in the engine's order; only a chain's first block has
   *     a salt
   * @param media whether it contains images or other media, which its tokens do not identify
   */
  public record ExtraKeys(List<String> names, boolean media) {
    static final ExtraKeys NONE = new ExtraKeys(List.of(), false);
  }

  /** Whether the tokens of all blocks are known, so that their keys can be computed. */
  boolean hasAllTokens() {
    return blockSize > 0
        && hashes.size() > 0
        && tokens.count() == (long) hashes.size() * blockSize
        && (extraKeys == null || extraKeys.size() == hashes.size());
  }

  /** Whether any block contains media. */
  boolean holdsMedia() {
    return extraKeys != null && extraKeys.stream().anyMatch(ExtraKeys::media);
  }

  /** The cache salt of a chain's first block, null if there is none. */
  @Nullable String cacheSalt() {
    if (extraKeys == null || extraKeys.isEmpty()) {
      return null;
    }
    String salt = null;
    for (String name : extraKeys.getFirst().names()) {
      if (!name.equals(lora)) {
        salt = name;
      }
    }
    return salt;
  }
}
