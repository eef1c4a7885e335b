package io.kvroute.loadtest.engine;

/**
 * The blocks with no references, in the order in which they will be allocated (LRU). A doubly
 * linked list over block numbers: adding at both ends and removing from the middle, as when a
 * cached block is used again, are O(1).
 */
final class FreeQueue {

  private final int[] next;
  private final int[] previous;

  /** Index of the sentinel, which is both ends of the list; it follows the last block. */
  private final int sentinel;

  private int size;

  /** Holds the blocks {@code first} to {@code blocks - 1}, in order. */
  FreeQueue(int first, int blocks) {
    next = new int[blocks + 1];
    previous = new int[blocks + 1];
    sentinel = blocks;
    next[sentinel] = sentinel;
    previous[sentinel] = sentinel;
    for (int block = first; block < blocks; block++) {
      addLast(block);
    }
  }

  int size() {
    return size;
  }

  /** Removes and returns the first block. The queue must not be empty. */
  int removeFirst() {
    int block = next[sentinel];
    remove(block);
    return block;
  }

  void remove(int block) {
    next[previous[block]] = next[block];
    previous[next[block]] = previous[block];
    size--;
  }

  void addFirst(int block) {
    link(sentinel, block, next[sentinel]);
  }

  void addLast(int block) {
    link(previous[sentinel], block, sentinel);
  }

  private void link(int before, int block, int after) {
    next[before] = block;
    previous[block] = before;
    next[block] = after;
    previous[after] = block;
    size++;
  }
}
