package io.kvroute.router.route;

import com.carrotsearch.hppc.LongHashSet;
import io.kvroute.router.keys.BlockKeys;

/**
 * Recognizes the next turn of a conversation by its prompt alone: it begins with the whole of an
 * earlier prompt. A prompt that merely shares a system prompt does not.
 *
 * <p>Remembers the key of the last full block of each routed prompt. A key stands for the whole
 * chain of blocks up to it, so one key identifies one prompt. Keys are kept in two generations of
 * 100,000; when the younger is full, the older is dropped. Adding a prompt costs one hash probe, a
 * question up to 513 positions with two probes each. Guarded by the router's lock.
 *
 * <pre>
 *   turn 1 is routed: blocks s1 s2 u1            remembers key(u1)
 *   turn 2 asks:      blocks s1 s2 u1 a1 u2      finds key(u1) at its third block: a follow-up
 *   another chat:     blocks s1 s2 v1            no key of its blocks is remembered: none
 *   turn 1 again:     blocks s1 s2 u1            finds key(u1): a repetition counts too
 *   no replica holds u1 any more                 turn 2 is no follow-up, nothing is lost by a move
 * </pre>
 */
final class FollowUps {

  private static final int GENERATION_SIZE = 100_000;

  /** The longest answer, with the template's text around it, behind the earlier prompt. */
  private static final int MAX_ANSWER_BLOCKS = 512;

  private LongHashSet younger = new LongHashSet();
  private LongHashSet older = new LongHashSet();

  /** Remembers a routed prompt. */
  void add(BlockKeys prompt) {
    if (prompt.count() == 0) {
      return;
    }
    if (younger.size() >= GENERATION_SIZE) {
      older = younger;
      younger = new LongHashSet();
    }
    younger.add(prompt.key(prompt.count() - 1));
  }

  /**
   * Whether the prompt continues or repeats an earlier prompt.
   *
   * @param matchedBlocks leading blocks that some replica holds; an earlier prompt that no replica
   *     holds any more does not count
   */
  boolean isFollowUp(BlockKeys prompt, int matchedBlocks) {
    int last = Math.min(matchedBlocks, prompt.count() - 1);
    for (int i = last; i >= Math.max(0, last - MAX_ANSWER_BLOCKS); i--) {
      if (younger.contains(prompt.key(i)) || older.contains(prompt.key(i))) {
        return true;
      }
    }
    return false;
  }
}
