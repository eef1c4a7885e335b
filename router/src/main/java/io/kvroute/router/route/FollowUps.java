package io.kvroute.router.route;

import com.carrotsearch.hppc.LongHashSet;
import io.kvroute.router.keys.BlockKeys;

/**
 * Knows the next turn of a conversation by its prompt alone: it begins with all of an earlier
 * prompt, which a mere shared prefix does not. Remembers the key of the last block of each prompt
 * routed, two generations of them; when the younger is full the older is forgotten. Guarded by the
 * router's lock.
 */
final class FollowUps {

  private static final int GENERATION = 100_000;

  /** Blocks of an answer and what a template puts around it, behind the earlier prompt. */
  private static final int MOST_BLOCKS_BETWEEN = 512;

  private LongHashSet younger = new LongHashSet();
  private LongHashSet older = new LongHashSet();

  /** A prompt was routed. */
  void routed(BlockKeys prompt) {
    if (prompt.count() == 0) {
      return;
    }
    if (younger.size() >= GENERATION) {
      older = younger;
      younger = new LongHashSet();
    }
    younger.add(prompt.key(prompt.count() - 1));
  }

  /**
   * Whether the prompt continues an earlier one, or repeats it.
   *
   * @param matchedBlocks leading blocks that some replica holds; what nobody holds any more is no
   *     conversation to be kept together
   */
  boolean isFollowUp(BlockKeys prompt, int matchedBlocks) {
    int last = Math.min(matchedBlocks, prompt.count() - 1);
    for (int i = last; i >= Math.max(0, last - MOST_BLOCKS_BETWEEN); i--) {
      if (younger.contains(prompt.key(i)) || older.contains(prompt.key(i))) {
        return true;
      }
    }
    return false;
  }
}
