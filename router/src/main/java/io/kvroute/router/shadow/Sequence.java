package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.Arrays;

/**
 * One request in a {@link Shadow}: expected, then pinned and growing, then ended. Confined, like
 * its shadow, to whoever holds the lock of its model.
 */
public final class Sequence {

  /** Where a request stands. */
  enum State {
    EXPECTED,
    RUNNING,
    ENDED
  }

  static final int NEVER_REFUSED = -1;

  static final int[] NONE = {};

  final PromptKeys prompt;
  final BlockKeys keys;
  final long admissionNanos;

  State state = State.EXPECTED;

  /** The first prompt block whose being there is this request's own promise. */
  int promisedFrom = Integer.MAX_VALUE;

  /** While it is expected: leading blocks it will find, and blocks it will take. */
  int planned;

  int needed;

  /** While it is expected: the blocks that it will find, the null block where it is promised. */
  int[] setAside = NONE;

  /** While it is expected: free blocks that it is the first to plan with. */
  int kept;

  /** How many of its first blocks younger requests have too, or will find. */
  int shared;

  /** How many of its first blocks will last, as far as the {@link EvictionForecast} can tell. */
  int lasting = Integer.MAX_VALUE;

  int[] blocks = NONE;
  int count;

  /** How many blocks the pool had freed when there was no room for it: none since, none now. */
  int refusedAt = NEVER_REFUSED;

  /** Leading blocks found in the cache at admission, and when each had last been freed. */
  int hits;

  int[] hitsFreedAt = NONE;
  int generated;

  /** The answer it left whose blocks have no names yet. */
  long answer = Answers.NONE;

  boolean prefilled;

  /** It was admitted more than once, so what it hit was partly its own. */
  boolean preempted;

  Sequence(PromptKeys prompt, BlockKeys keys, long admissionNanos) {
    this.prompt = prompt;
    this.keys = keys;
    this.admissionNanos = admissionNanos;
  }

  /** Prompt tokens found in the cache when the request was admitted. */
  public int hitTokens() {
    return hits * keys.blockSize();
  }

  /** Whether it left blocks that its answer's ids would give names to. */
  public boolean lacksAnswer() {
    return answer != Answers.NONE;
  }

  /** Whether the request has been admitted and has not ended. */
  public boolean isRunning() {
    return state == State.RUNNING;
  }

  /** Tokens whose keys and values are in blocks: the last one generated never is. */
  int computed() {
    return prompt.tokens() + Math.max(0, generated - 1);
  }

  /** Blocks that these tokens need. */
  int blocksInAll() {
    return (computed() + keys.blockSize() - 1) / keys.blockSize();
  }

  void add(int block) {
    reserve(count + 1);
    blocks[count++] = block;
  }

  /** Makes place for so many blocks. */
  void reserve(int size) {
    if (size > blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(size + 8, size + size / 8));
    }
  }

  /** Takes its blocks' new numbers; it keeps those before the first that found no room. */
  void renumber(int[] moved, BlockPool pool) {
    int kept = 0;
    int[] rest = new int[count];
    int n = 0;
    for (int i = 0; i < count; i++) {
      int block = moved[blocks[i]];
      if (kept == i && block != BlockPool.NULL_BLOCK) {
        blocks[kept++] = block;
      } else if (block != BlockPool.NULL_BLOCK) {
        rest[n++] = block;
      }
    }
    count = kept;
    pool.release(rest, n);
  }
}
