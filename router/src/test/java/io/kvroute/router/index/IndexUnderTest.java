package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.ArrayList;
import java.util.List;

/** The shapes an index can have, behind one face, so that they can be measured alike. */
interface IndexUnderTest {

  void store(int slot, BlockKeys keys, int from, int to);

  /** Forgets a chain from its end back to a block. */
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

  /** The index as it is. */
  final class Flat implements IndexUnderTest {
    final BlockIndex index = new BlockIndex(Long.MAX_VALUE);
    private final List<Holder> holders = new ArrayList<>();

    Flat(int replicas) {
      for (int slot = 0; slot < replicas; slot++) {
        holders.add(index.open(slot));
      }
    }

    @Override
    public void store(int slot, BlockKeys keys, int from, int to) {
      holders.get(slot).store(keys, from, to, Claim.GPU);
    }

    @Override
    public void remove(int slot, BlockKeys keys, int from, int to) {
      for (int i = to - 1; i >= from; i--) {
        holders.get(slot).remove(keys.key(i), Claim.GPU);
      }
    }

    @Override
    public void match(BlockKeys keys, int[] matched) {
      index.match(keys, matched);
    }
  }
}
