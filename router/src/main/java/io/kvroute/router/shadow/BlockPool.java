package io.kvroute.router.shadow;

import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * The blocks of a vLLM engine as its block pool keeps them (vllm/v1/core/block_pool.py and
 * kv_cache_utils.py, 0.23 to 0.33), in flat arrays: a count of references for each, the free ones
 * in a list from the next to be taken to the last, and those whose content has a name to be found
 * by it. Block 0 is vLLM's null block, never given out; here it heads the list.
 *
 * <p>A block taken loses its name only then. Several blocks may bear one name, and the first named
 * is the one found. Not thread-safe.
 */
final class BlockPool {

  /** Hears of what can no longer be found. */
  interface Losses {
    /** No block bears the name any more. */
    void lostName(long key);

    /** A block of a generated text whose name was never learned was given to someone else. */
    void lostNameless(long text, int block);
  }

  static final int NULL_BLOCK = 0;

  private static final byte PARTIAL = 0;
  private static final byte NAMELESS = 1;
  private static final byte NAMED = 2;

  private final Losses losses;
  private final NameTable names;
  private final byte[] states;
  private final long[] keys;
  private final int[] references;
  private final int[] previous;
  private final int[] next;
  private final int[] freedAt;
  private int free;
  private int clock;

  /**
   * A pool whose blocks are all free and empty.
   *
   * @param numBlocks as the engine counts them, the null block included
   */
  BlockPool(int numBlocks, Losses losses) {
    if (numBlocks < 2) {
      throw new IllegalArgumentException("numBlocks: " + numBlocks + " (expected: >= 2)");
    }
    this.losses = losses;
    states = new byte[numBlocks];
    keys = new long[numBlocks];
    references = new int[numBlocks];
    previous = new int[numBlocks];
    next = new int[numBlocks];
    freedAt = new int[numBlocks];
    names = new NameTable(keys);
    for (int block = 1; block < numBlocks; block++) {
      insert(block, previous[NULL_BLOCK], NULL_BLOCK);
    }
  }

  /** Blocks that can be given out at all. */
  int capacity() {
    return keys.length - 1;
  }

  /** Blocks without references. */
  int free() {
    return free;
  }

  /**
   * The block found by a name, or the null block.
   *
   * @param before where the block before it in a sequence was found, or the null block
   */
  int find(long key, int before) {
    return names.find(key, before);
  }

  /** The block found by a name, or the null block. */
  int find(long key) {
    return names.find(key);
  }

  /** The block that would be found by the same name without this one, or the null block. */
  int nextOf(int block) {
    return names.next(block);
  }

  /** Whether a block bears the name. */
  boolean has(long key) {
    return names.find(key) != NULL_BLOCK;
  }

  boolean isFree(int block) {
    return references[block] == 0;
  }

  /** Whether more than one sequence has the block. */
  boolean isShared(int block) {
    return references[block] > 1;
  }

  /** When the block was last freed, on a clock that counts blocks freed; now, if it is in use. */
  int freedAt(int block) {
    return references[block] == 0 ? freedAt[block] : clock;
  }

  /** Blocks freed so far, on the same clock. */
  int freed() {
    return clock;
  }

  /**
   * When the last of the blocks that will be taken next was freed.
   *
   * @param blocks how many will be taken, at most as many as there are of the kind
   * @param which those that can be taken
   */
  int lastFreed(int blocks, IntPredicate which) {
    int time = clock - Integer.MAX_VALUE;
    int left = blocks;
    for (int block = next[NULL_BLOCK]; left > 0 && block != NULL_BLOCK; block = next[block]) {
      if (which.test(block)) {
        left--;
        time = states[block] == PARTIAL ? time : freedAt[block];
      }
    }
    return time;
  }

  /** One more sequence has the block. */
  void touch(int block) {
    if (references[block]++ == 0) {
      unlink(block);
    }
  }

  /** Gives out the block that has been free for longest; only while there is one. */
  int take() {
    int block = next[NULL_BLOCK];
    unlink(block);
    forget(block);
    references[block] = 1;
    return block;
  }

  /** A sequence ends: its blocks lose a reference, the last first. */
  void release(int[] blocks, int count) {
    for (int i = count - 1; i >= 0; i--) {
      int block = blocks[i];
      if (--references[block] == 0) {
        freedAt[block] = ++clock;
        if (states[block] == PARTIAL) {
          insert(block, NULL_BLOCK, next[NULL_BLOCK]);
        } else {
          insert(block, previous[NULL_BLOCK], NULL_BLOCK);
        }
      }
    }
  }

  /** Names a block, or names it for the first time once its text is known. */
  void name(int block, long key) {
    forget(block);
    states[block] = NAMED;
    keys[block] = key;
    names.add(block);
  }

  /** A block full of generated text whose name is not known. */
  void nameless(int block, long text) {
    if (states[block] == PARTIAL) {
      states[block] = NAMELESS;
      keys[block] = text;
    }
  }

  /** Takes a block's name away, if it has one. */
  void forget(int block) {
    byte state = states[block];
    states[block] = PARTIAL;
    if (state == NAMED && names.remove(block)) {
      losses.lostName(keys[block]);
    } else if (state == NAMELESS) {
      losses.lostNameless(keys[block], block);
    }
  }

  /** Takes the names of all free blocks away that were freed no later than {@code time}. */
  void forgetFreedUpTo(int time) {
    for (int block = next[NULL_BLOCK]; block != NULL_BLOCK; block = next[block]) {
      if (freedAt[block] - time <= 0) {
        forget(block);
      }
    }
  }

  /**
   * Moves everything to a pool of another size, the most recently freed blocks first as long as
   * there is room; this one is of no use afterwards.
   *
   * @return the new number of each block, 0 for those left behind
   */
  int[] moveTo(BlockPool other) {
    int[] moved = new int[keys.length];
    int room = other.capacity();
    for (int block = 1; block < keys.length && room > 0; block++) {
      if (references[block] > 0) {
        moved[block] = other.adopt(this, block);
        room--;
      }
    }
    int oldest = NULL_BLOCK;
    for (int b = previous[NULL_BLOCK]; b != NULL_BLOCK && room > 0; b = previous[b]) {
      oldest = b;
      room -= states[b] == PARTIAL ? 0 : 1;
    }
    for (int b = oldest; b != NULL_BLOCK; b = next[b]) {
      if (states[b] != PARTIAL) {
        moved[b] = other.adopt(this, b);
        other.release(new int[] {moved[b]}, 1);
      }
    }
    other.clock = clock;
    for (int block = 1; block < keys.length; block++) {
      if (moved[block] == 0 && (states[block] != NAMED || !other.has(keys[block]))) {
        forget(block);
      } else if (moved[block] != 0) {
        other.freedAt[moved[block]] = freedAt[block];
      }
    }
    return moved;
  }

  private int adopt(BlockPool from, int block) {
    int mine = take();
    references[mine] = Math.max(1, from.references[block]);
    states[mine] = from.states[block];
    keys[mine] = from.keys[block];
    if (states[mine] == NAMED) {
      names.add(mine);
    }
    return mine;
  }

  private void insert(int block, int before, int after) {
    previous[block] = before;
    next[block] = after;
    next[before] = block;
    previous[after] = block;
    free++;
  }

  private void unlink(int block) {
    next[previous[block]] = next[block];
    previous[next[block]] = previous[block];
    free--;
  }

  /** The free blocks, from the next to be taken on. */
  int[] freeList() {
    int[] list = new int[free];
    int block = NULL_BLOCK;
    for (int i = 0; i < free; i++) {
      block = next[block];
      list[i] = block;
    }
    return list;
  }

  int references(int block) {
    return references[block];
  }

  OptionalLong nameOf(int block) {
    return states[block] == NAMED ? OptionalLong.of(keys[block]) : OptionalLong.empty();
  }
}
