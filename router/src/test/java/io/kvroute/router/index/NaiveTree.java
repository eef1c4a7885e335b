package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.HashMap;
import java.util.Map;

/** What one replica holds, as plainly as it can be said: the claims on each key. */
final class NaiveTree {

  private final Map<Long, Integer> claims = new HashMap<>();

  void store(BlockKeys keys, int from, int to, Claim claim) {
    for (int i = from; i < to; i++) {
      claims.merge(keys.key(i), claim.bit(), (a, b) -> a | b);
    }
  }

  void remove(long key, Claim claim) {
    claims.computeIfPresent(key, (k, c) -> (c & ~claim.bit()) == 0 ? null : c & ~claim.bit());
  }

  int match(BlockKeys keys) {
    int n = 0;
    while (n < keys.matchable() && claims.containsKey(keys.key(n))) {
      n++;
    }
    return n;
  }

  /** Adds what another holds. */
  void add(NaiveTree other) {
    other.claims.forEach((key, more) -> claims.merge(key, more, (a, b) -> a | b));
  }

  int blocks() {
    return claims.size();
  }

  void clear() {
    claims.clear();
  }
}
