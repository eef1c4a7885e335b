package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.HashMap;
import java.util.Map;

/** What one replica holds, in the simplest form: the presence bits of each key. */
final class NaiveTree {

  private final Map<Long, Integer> marks = new HashMap<>();

  void store(BlockKeys keys, int from, int to, Presence presence) {
    for (int i = from; i < to; i++) {
      marks.merge(keys.key(i), presence.bit(), (a, b) -> a | b);
    }
  }

  void remove(long key, Presence presence) {
    marks.computeIfPresent(key, (k, c) -> (c & ~presence.bit()) == 0 ? null : c & ~presence.bit());
  }

  int match(BlockKeys keys) {
    int n = 0;
    while (n < keys.matchable() && marks.containsKey(keys.key(n))) {
      n++;
    }
    return n;
  }

  /** Adds all that another tree holds. */
  void add(NaiveTree other) {
    other.marks.forEach((key, more) -> marks.merge(key, more, (a, b) -> a | b));
  }

  int blocks() {
    return marks.size();
  }

  void clear() {
    marks.clear();
  }
}
