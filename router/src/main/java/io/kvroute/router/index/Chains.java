package io.kvroute.router.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers the chains of one column for people to look at, a segment's lock at a time. */
final class Chains {

  private final List<Chain> tails = new ArrayList<>();

  /** A block that the column holds and no other behind it. */
  void addTail(long key, int holders, int uses) {
    tails.add(new Chain(key, 1, false, holders, uses));
  }

  /** The chains most often used. */
  List<Chain> hottest(BlockIndex index, Slot column, int limit) {
    tails.sort(Comparator.comparingInt(Chain::uses).reversed());
    return tails.stream().limit(limit).map(tail -> measure(index, column, tail)).toList();
  }

  /** The longest chains. Cost: the sum of their lengths. */
  List<Chain> largest(BlockIndex index, Slot column, int limit) {
    return tails.stream()
        .map(tail -> measure(index, column, tail))
        .sorted(Comparator.comparingInt(Chain::blocks).reversed())
        .limit(limit)
        .toList();
  }

  private static Chain measure(BlockIndex index, Slot column, Chain tail) {
    int blocks = 0;
    long key = tail.tailKey();
    while (key != Segment.NO_PARENT) {
      long parent = index.segment(key).parentIfHeld(column, key);
      if (parent == key) {
        break;
      }
      blocks++;
      key = parent;
    }
    boolean whole = key == Segment.NO_PARENT;
    return new Chain(tail.tailKey(), blocks, whole, tail.holders(), tail.uses());
  }
}
