package io.kvroute.router.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Ranks the prefixes that one slot holds, for display. Takes one segment's lock at a time. */
final class PrefixRanking {

  private final List<CachedPrefix> tails = new ArrayList<>();

  /** Adds a block that the slot holds without holding any block behind it. */
  void addTail(long key, int holders, int uses) {
    tails.add(new CachedPrefix(key, 1, false, holders, uses));
  }

  /** The prefixes whose last block was used most often. */
  List<CachedPrefix> hottest(BlockIndex index, Slot slot, int limit) {
    tails.sort(Comparator.comparingInt(CachedPrefix::uses).reversed());
    return tails.stream().limit(limit).map(tail -> measure(index, slot, tail)).toList();
  }

  /** The longest prefixes. Cost: the sum of the lengths of all prefixes. */
  List<CachedPrefix> largest(BlockIndex index, Slot slot, int limit) {
    return tails.stream()
        .map(tail -> measure(index, slot, tail))
        .sorted(Comparator.comparingInt(CachedPrefix::blocks).reversed())
        .limit(limit)
        .toList();
  }

  private static CachedPrefix measure(BlockIndex index, Slot slot, CachedPrefix tail) {
    int blocks = 0;
    long key = tail.tailKey();
    while (key != Segment.NO_PARENT) {
      long parent = index.segment(key).parentIfHeld(slot, key);
      if (parent == key) {
        break;
      }
      blocks++;
      key = parent;
    }
    boolean whole = key == Segment.NO_PARENT;
    return new CachedPrefix(tail.tailKey(), blocks, whole, tail.holders(), tail.uses());
  }
}
