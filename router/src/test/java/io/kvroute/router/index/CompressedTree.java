package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path-compressed radix tree: a run of blocks with equal holders and no branch is one node, which
 * is split where holders or texts differ. Only measured against; not thread-safe.
 */
final class CompressedTree implements IndexUnderTest {

  private static final class Node {
    long[] run;
    final long[] holders;
    Map<Long, Node> children = new HashMap<>(2);

    Node(long[] run, long[] holders) {
      this.run = run;
      this.holders = holders;
    }

    /** Keeps the first blocks and moves the rest to a new child. */
    void split(int at) {
      Node rest = new Node(Arrays.copyOfRange(run, at, run.length), holders.clone());
      rest.children = children;
      children = new HashMap<>(2);
      children.put(rest.run[0], rest);
      run = Arrays.copyOf(run, at);
    }
  }

  private final Node root;
  private final int words;

  CompressedTree(int words) {
    this.words = words;
    root = new Node(new long[0], new long[words]);
  }

  @Override
  public void store(int slot, BlockKeys keys, int from, int to) {
    Node node = root;
    for (int i = 0; i < to; ) {
      Node child = node.children.get(keys.key(i));
      if (child == null) {
        child = new Node(Arrays.copyOfRange(keys.raw(), i, to), new long[words]);
        node.children.put(keys.key(i), child);
      }
      int common = common(child, keys, i, to);
      boolean held = (child.holders[slot >>> 6] >>> slot & 1) != 0;
      if (common < child.run.length && (!held || i + common < to)) {
        child.split(common);
      }
      child.holders[slot >>> 6] |= 1L << slot;
      i += common;
      node = child;
    }
  }

  @Override
  public void remove(int slot, BlockKeys keys, int from, int to) {
    Node node = root;
    Node parent = root;
    for (int i = 0; i < to; i += node.run.length) {
      parent = node;
      Node child = node.children.get(keys.key(i));
      if (child == null) {
        return;
      }
      node = child;
      if (i < from && i + node.run.length > from) {
        node.split(from - i);
      } else if (i >= from) {
        node.holders[slot >>> 6] &= ~(1L << slot);
      }
    }
    if (node.children.isEmpty() && Arrays.stream(node.holders).allMatch(word -> word == 0)) {
      parent.children.remove(node.run[0]);
    }
  }

  @Override
  public void match(BlockKeys keys, int[] matched) {
    Arrays.fill(matched, 0);
    long[] alive = new long[words];
    Arrays.fill(alive, -1);
    Node node = root;
    int block = 0;
    boolean any = true;
    while (any && block < keys.matchable()) {
      Node child = node.children.get(keys.key(block));
      int common = child == null ? 0 : common(child, keys, block, keys.matchable());
      any = stay(child, alive, block, matched) && common > 0;
      block += common;
      if (child == null || common < child.run.length) {
        break;
      }
      node = child;
    }
    for (int w = 0; w < words; w++) {
      MapIndex.record(alive[w], w, block, matched);
    }
  }

  private boolean stay(@Nullable Node child, long[] alive, int block, int[] matched) {
    long any = 0;
    for (int w = 0; w < words; w++) {
      long now = child == null ? 0 : alive[w] & child.holders[w];
      MapIndex.record(alive[w] & ~now, w, block, matched);
      alive[w] = now;
      any |= now;
    }
    return any != 0;
  }

  private static int common(Node node, BlockKeys keys, int from, int to) {
    int mismatch =
        Arrays.mismatch(
            node.run, 0, node.run.length, keys.raw(), from, Math.min(to, from + node.run.length));
    return mismatch < 0 ? node.run.length : mismatch;
  }
}
