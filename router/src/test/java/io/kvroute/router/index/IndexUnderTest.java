package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.ArrayList;
import java.util.List;

/** A common interface of all index structures that are measured. */
interface IndexUnderTest {

  void store(int slot, BlockKeys keys, int from, int to);

  /** Removes the blocks {@code [from, to)} of a chain, the last first. */
  void remove(int slot, BlockKeys keys, int from, int to);

  void match(BlockKeys keys, int[] matched);

  static IndexUnderTest make(String shape, int replicas) {
    return switch (shape) {
      case "flat" -> new Flat(replicas);
      case "map" -> new MapIndex((replicas + 63) >>> 6);
      case "compressed" -> new CompressedTree((replicas + 63) >>> 6);
      default -> throw new IllegalArgumentException("shape: " + shape);
    };
  }

  /** The index that the router uses. */
  final class Flat implements IndexUnderTest {
    final BlockIndex index = new BlockIndex(Long.MAX_VALUE);
    private final List<IndexWriter> writers = new ArrayList<>();

    Flat(int replicas) {
      for (int slot = 0; slot < replicas; slot++) {
        writers.add(index.open(slot));
      }
    }

    @Override
    public void store(int slot, BlockKeys keys, int from, int to) {
      writers.get(slot).store(keys, from, to, Presence.GPU);
    }

    @Override
    public void remove(int slot, BlockKeys keys, int from, int to) {
      for (int i = to - 1; i >= from; i--) {
        writers.get(slot).remove(keys.key(i), Presence.GPU);
      }
    }

    @Override
    public void match(BlockKeys keys, int[] matched) {
      index.match(keys, matched);
    }
  }
}
