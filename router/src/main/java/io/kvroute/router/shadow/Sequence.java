package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request in a {@link Shadow}: queued, then running and growing, then ended. Used under the
 * same lock as its shadow.
 */
public final class Sequence {

  /** A request's progress. */
  enum State {
    /** Routed to the engine and not yet admitted. */
    QUEUED,
    /** Admitted: it has blocks. */
    RUNNING,
    /** Finished or abandoned. */
    ENDED
  }

  static final int NEVER_REFUSED = -1;

  static final int[] NO_BLOCKS = {};

  final PromptKeys prompt;
  final BlockKeys keys;
  final long admissionNanos;

  State state = State.QUEUED;

  /** The first prompt block that the index holds because of this request's own prediction. */
  int predictedFrom = Integer.MAX_VALUE;

  /** While queued: leading blocks that it will find in the cache. */
  int predictedHits;

  /** While queued: blocks that it will allocate. */
  int blocksNeeded;

  /** While queued: the blocks that it will find; the null block where another will compute it. */
  int[] reservedBlocks = NO_BLOCKS;

  /** While queued: blocks that are free now and that it is the first to reserve. */
  int reservedFreeBlocks;

  /** How many of its first blocks a younger request has too, or will find. */
  int sharedBlocks;

  /** The order of evictions it is in, if any, and its position there. */
  @Nullable EvictionOrder evictionOrder;

  int evictionPosition;

  /** How many blocks it can lose, as entered in that order; and whether that has changed since. */
  int evictableBlocks;

  boolean evictableChanged;

  /** The blocks it has; only the first {@link #blockCount} count. */
  int[] blocks = NO_BLOCKS;

  int blockCount;

  /**
   * How many blocks the pool had freed in all when this request did not fit. It still does not fit
   * while that number is unchanged.
   */
  int refusedAtFreed = NEVER_REFUSED;

  /** Leading blocks found in the cache at admission. */
  int hits;

  /** When each of them had last been freed, on the pool's clock. */
  int[] hitFreedAt = NO_BLOCKS;

  /** Tokens generated so far. */
  int generated;

  /** The id of the answer that it left and whose blocks have no keys yet. */
  long unkeyedAnswer = UnkeyedAnswers.NONE;

  /** Whether its first token was seen. */
  boolean prefilled;

  /** Whether it was admitted more than once: its hits may then be its own blocks. */
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

  /** Whether it left blocks whose keys will be known once the answer's ids are. */
  public boolean hasUnkeyedAnswer() {
    return unkeyedAnswer != UnkeyedAnswers.NONE;
  }

  /** Whether the request has been admitted and has not ended. */
  public boolean isRunning() {
    return state == State.RUNNING;
  }

  /** Tokens with keys and values in blocks. The last token generated never has any. */
  int computedTokens() {
    return prompt.tokens() + Math.max(0, generated - 1);
  }

  /** Blocks that these tokens need. */
  int totalBlocks() {
    return (computedTokens() + keys.blockSize() - 1) / keys.blockSize();
  }

  /** Blocks that it has, or will have once it is admitted. */
  int ownBlocks() {
    return state == State.RUNNING ? blockCount : totalBlocks();
  }

  /** Of these, those that no younger request has too. */
  int unsharedBlocks() {
    return Math.max(0, ownBlocks() - sharedBlocks);
  }

  void add(int block) {
    ensureCapacity(blockCount + 1);
    blocks[blockCount++] = block;
  }

  /** Makes room for so many blocks. */
  void ensureCapacity(int size) {
    if (size > blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(size + 8, size + size / 8));
    }
  }

  /** Finds the leading prompt blocks that are cached, without taking them. */
  void findHits(BlockPool pool) {
    ensureCapacity(totalBlocks());
    hits = 0;
    int block = BlockPool.NULL_BLOCK;
    for (; hits < keys.matchable(); hits++) {
      block = pool.find(keys.key(hits), block);
      if (block == BlockPool.NULL_BLOCK) {
        break;
      }
      blocks[hits] = block;
    }
  }

  /** Whether the pool has room for this request, given the hits found. */
  boolean fits(BlockPool pool) {
    int needed = totalBlocks() - hits;
    for (int i = 0; i < hits; i++) {
      needed += pool.isFree(blocks[i]) ? 1 : 0;
    }
    return needed <= pool.free();
  }

  /**
   * The pool was resized. The request keeps its blocks up to the first that was left behind.
   *
   * @param moved the new number of each block, the null block for one left behind
   */
  void renumber(int[] moved, BlockPool pool) {
    int kept = 0;
    int[] rest = new int[blockCount];
    int n = 0;
    for (int i = 0; i < blockCount; i++) {
      int block = moved[blocks[i]];
      if (kept == i && block != BlockPool.NULL_BLOCK) {
        blocks[kept++] = block;
      } else if (block != BlockPool.NULL_BLOCK) {
        rest[n++] = block;
      }
    }
    blockCount = kept;
    pool.release(rest, n);
  }
}
