package io.kvroute.router.learn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive blocks an engine has stored.
 *
 * @param parent the engine's name for the block before the first, null at the start of a sequence
 * @param tokens the ids in the blocks, {@code hashes.size() * blockSize} of them; none where an
 *     offloading connector only names blocks
 * @param lora the adapter's name, or its number in decimal where an old engine tells only that
 * @param extraKeys for each block what else its content depends on, or null where nothing is told
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
     * @param ids handed over
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
   * What one block's content depends on apart from its tokens.
   *
   * @param names adapter name and cache salt, in the engine's order; a salt stands on a chain's
   *     first block only
   * @param media whether images or other media are among them: such a block's tokens do not tell
   *     its content
   */
  public record ExtraKeys(List<String> names, boolean media) {
    static final ExtraKeys NONE = new ExtraKeys(List.of(), false);
  }

  /** Whether every block's tokens are there, so that the blocks can be named by content. */
  boolean selfDescribing() {
    return blockSize > 0
        && hashes.size() > 0
        && tokens.count() == (long) hashes.size() * blockSize
        && (extraKeys == null || extraKeys.size() == hashes.size());
  }

  /** Whether some block's content is not told by its tokens. */
  boolean holdsMedia() {
    return extraKeys != null && extraKeys.stream().anyMatch(ExtraKeys::media);
  }

  /** The cache salt of a chain's first block, null where there is none. */
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
