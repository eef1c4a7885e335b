package io.kvroute.router.shadow;

import io.kvroute.router.keys.BlockKeys;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * vLLM's cache for requests that run one after another, in the simplest form: blocks in the order
 * of their reuse, and the blocks of each key, the first of which is found.
 */
final class NaiveEngine {

  private final Deque<Integer> free = new ArrayDeque<>();
  private final Map<Long, Deque<Integer>> blocksOfKey = new HashMap<>();
  private final Map<Integer, Long> keyOfBlock = new HashMap<>();

  NaiveEngine(int numBlocks) {
    for (int block = 1; block < numBlocks; block++) {
      free.add(block);
    }
  }

  /** Serves one request; returns how many prompt blocks were cached. */
  int serve(BlockKeys prompt, BlockKeys whole) {
    Deque<Integer> mine = new ArrayDeque<>();
    int hits = 0;
    while (hits < prompt.matchable() && !blocks(prompt.key(hits)).isEmpty()) {
      int block = blocks(prompt.key(hits++)).getFirst();
      free.remove(block);
      mine.push(block);
    }
    int tokens = whole.tokens() - 1;
    for (int i = hits; i * whole.blockSize() < tokens; i++) {
      int block = free.remove();
      Long old = keyOfBlock.remove(block);
      if (old != null) {
        blocks(old).remove(block);
      }
      if (i < whole.matchable()) {
        blocks(whole.key(i)).addLast(block);
        keyOfBlock.put(block, whole.key(i));
      }
      mine.push(block);
    }
    boolean partial = tokens % whole.blockSize() != 0;
    if (partial) {
      free.addFirst(mine.pop());
    }
    free.addAll(mine);
    return hits;
  }

  private Deque<Integer> blocks(long key) {
    return blocksOfKey.computeIfAbsent(key, n -> new ArrayDeque<>());
  }
}
