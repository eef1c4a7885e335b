package io.kvroute.router.shadow;

import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * The blocks of a vLLM engine as its block pool keeps them (vllm/v1/core/block_pool.py and
 * kv_cache_utils.py, 0.23 to 0.33).
 *
 * <p>Layout: flat arrays by block number. Each block has a count of references and a key, once it
 * is full. Blocks without references are free: they stay cached, in a doubly linked list from the
 * next to be allocated to the last, and lose their key only when allocated again. Block 0 is vLLM's
 * null block, which is never allocated; here it is the head of the free list. Several blocks may
 * have the same key (copies); a look-up finds the one that got it first. Every operation costs O(1)
 * for each block.
 *
 * <p>Example: a request takes blocks 1, 2, 3 of five, the first two full (keys A, B). The request
 * ends and frees its blocks in reverse order. A block without a key goes to the head of the free
 * list, all others go to its tail: the list becomes 3, 4, 5, 2, 1. A prompt that begins with A then
 * finds block 1 and takes it off the list, which leaves 3, 4, 5, 2. It allocates 3, 4, 5 and, for a
 * fourth block, 2: only then is B evicted.
 *
 * <p>Not thread-safe.
 */
final class BlockPool {

  /** Called when a block can no longer be found. */
  interface EvictionListener {
    /** No block has the key any more. */
    void keyEvicted(long key);

    /** A block of an answer was reallocated before its key became known. */
    void unkeyedEvicted(long answerId, int block);
  }

  static final int NULL_BLOCK = 0;

  private static final byte NO_KEY = 0;
  private static final byte KEY_UNKNOWN = 1;
  private static final byte HAS_KEY = 2;

  private final EvictionListener listener;
  private final KeyToBlockMap blocksByKey;
  private final byte[] states;
  private final long[] keys;
  private final int[] references;
  private final int[] previous;
  private final int[] next;
  private final int[] freedAt;
  private int free;
  private int freedBlocks;

  /**
   * A pool whose blocks are all free and empty.
   *
   * @param numBlocks as the engine counts them, the null block included
   */
  BlockPool(int numBlocks, EvictionListener listener) {
    if (numBlocks < 2) {
      throw new IllegalArgumentException("numBlocks: " + numBlocks + " (expected: >= 2)");
    }
    this.listener = listener;
    states = new byte[numBlocks];
    keys = new long[numBlocks];
    references = new int[numBlocks];
    previous = new int[numBlocks];
    next = new int[numBlocks];
    freedAt = new int[numBlocks];
    blocksByKey = new KeyToBlockMap(keys);
    for (int block = 1; block < numBlocks; block++) {
      insert(block, previous[NULL_BLOCK], NULL_BLOCK);
    }
  }

  /** Blocks that can be allocated at all. */
  int capacity() {
    return keys.length - 1;
  }

  /** Free blocks: those without references. */
  int free() {
    return free;
  }

  /**
   * The block found by a key, or the null block.
   *
   * @param before the block found for the previous key of the prompt, or the null block
   */
  int find(long key, int before) {
    return blocksByKey.find(key, before);
  }

  /** The block found by a key, or the null block. */
  int find(long key) {
    return blocksByKey.find(key);
  }

  /** The next copy of a block: found by the same key if this block were gone; or the null block. */
  int nextCopy(int block) {
    return blocksByKey.nextCopy(block);
  }

  /** Whether any block has the key. */
  boolean hasKey(long key) {
    return blocksByKey.find(key) != NULL_BLOCK;
  }

  boolean isFree(int block) {
    return references[block] == 0;
  }

  /** Whether more than one request has the block. */
  boolean isShared(int block) {
    return references[block] > 1;
  }

  /** When the block was last freed, on a clock that counts freed blocks; now, if it is in use. */
  int freedAt(int block) {
    return references[block] == 0 ? freedAt[block] : freedBlocks;
  }

  /** Blocks freed so far: the time now on the same clock. */
  int freed() {
    return freedBlocks;
  }

  /**
   * When the last of the blocks that will be allocated next was freed.
   *
   * @param blocks how many will be allocated, at most as many as {@code which} accepts
   * @param which the free blocks that can be allocated
   */
  int freedAtOfLastTaken(int blocks, IntPredicate which) {
    int time = freedBlocks - Integer.MAX_VALUE;
    int left = blocks;
    for (int block = next[NULL_BLOCK]; left > 0 && block != NULL_BLOCK; block = next[block]) {
      if (which.test(block)) {
        left--;
        time = states[block] == NO_KEY ? time : freedAt[block];
      }
    }
    return time;
  }

  /** One more request has the block. */
  void touch(int block) {
    if (references[block]++ == 0) {
      unlink(block);
    }
  }

  /** Allocates the head of the free list. At least one block must be free. */
  int allocate() {
    int block = next[NULL_BLOCK];
    unlink(block);
    dropKey(block);
    references[block] = 1;
    return block;
  }

  /** A request ends: its blocks lose a reference, the last block first. */
  void release(int[] blocks, int count) {
    for (int i = count - 1; i >= 0; i--) {
      int block = blocks[i];
      if (--references[block] == 0) {
        freedAt[block] = ++freedBlocks;
        if (states[block] == NO_KEY) {
          insert(block, NULL_BLOCK, next[NULL_BLOCK]);
        } else {
          insert(block, previous[NULL_BLOCK], NULL_BLOCK);
        }
      }
    }
  }

  /** Gives a block its key. */
  void setKey(int block, long key) {
    dropKey(block);
    states[block] = HAS_KEY;
    keys[block] = key;
    blocksByKey.add(block);
  }

  /** Marks a full block as part of an answer whose ids, and so the block's key, are unknown. */
  void setUnkeyed(int block, long answerId) {
    if (states[block] == NO_KEY) {
      states[block] = KEY_UNKNOWN;
      keys[block] = answerId;
    }
  }

  /** Removes the key of a block, if it has one. */
  void dropKey(int block) {
    byte state = states[block];
    states[block] = NO_KEY;
    if (state == HAS_KEY && blocksByKey.remove(block)) {
      listener.keyEvicted(keys[block]);
    } else if (state == KEY_UNKNOWN) {
      listener.unkeyedEvicted(keys[block], block);
    }
  }

  /** Removes the keys of all free blocks that were freed at or before {@code time}. */
  void dropKeysFreedUpTo(int time) {
    for (int block = next[NULL_BLOCK]; block != NULL_BLOCK; block = next[block]) {
      if (freedAt[block] - time <= 0) {
        dropKey(block);
      }
    }
  }

  /**
   * Moves all blocks to an empty pool of another size. If that has too little room, the blocks
   * freed longest ago are left behind. This pool must not be used afterwards.
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
      room -= states[b] == NO_KEY ? 0 : 1;
    }
    for (int b = oldest; b != NULL_BLOCK; b = next[b]) {
      if (states[b] != NO_KEY) {
        moved[b] = other.adopt(this, b);
        other.release(new int[] {moved[b]}, 1);
      }
    }
    other.freedBlocks = freedBlocks;
    for (int block = 1; block < keys.length; block++) {
      if (moved[block] == 0 && (states[block] != HAS_KEY || !other.hasKey(keys[block]))) {
        dropKey(block);
      } else if (moved[block] != 0) {
        other.freedAt[moved[block]] = freedAt[block];
      }
    }
    return moved;
  }

  private int adopt(BlockPool from, int block) {
    int mine = allocate();
    references[mine] = Math.max(1, from.references[block]);
    states[mine] = from.states[block];
    keys[mine] = from.keys[block];
    if (states[mine] == HAS_KEY) {
      blocksByKey.add(mine);
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

  /** The free blocks, from the next to be allocated to the last. */
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

  OptionalLong keyOf(int block) {
    return states[block] == HAS_KEY ? OptionalLong.of(keys[block]) : OptionalLong.empty();
  }
}
