package io.kvroute.router.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Consistent hashing (Karger et al., 1997): each replica has many points on a ring, and a key goes
 * to the next point, so that a replica that comes or goes moves only its share of the keys. Points
 * depend on addresses alone, so that routers agree. Immutable.
 */
final class HashRing {

  static final int POINTS_PER_WEIGHT = 256;

  /**
   * Low bits of a point tell the slot: more than {@link
   * io.kvroute.router.index.BlockIndex#MAX_SLOTS}.
   */
  private static final int SLOT_BITS = 16;

  private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

  private final long[] points;

  HashRing(List<RoutedReplica> members) {
    int size = members.stream().mapToInt(member -> member.replica.weight()).sum();
    points = new long[size * POINTS_PER_WEIGHT];
    int n = 0;
    for (RoutedReplica member : members) {
      long seed = hash(member.replica.url().toString());
      for (int i = 0; i < member.replica.weight() * POINTS_PER_WEIGHT; i++) {
        points[n++] = (mix(seed + i) & ~SLOT_MASK) | member.slot;
      }
    }
    Arrays.sort(points);
  }

  /** Where a key's walk begins. */
  int start(long key) {
    int at = Arrays.binarySearch(points, mix(key) & ~SLOT_MASK);
    return at >= 0 ? at : -at - 1;
  }

  /** The slot at a step of a walk, from 0 to {@link #size()}. */
  int slot(int start, int step) {
    return (int) (points[(start + step) % points.length] & SLOT_MASK);
  }

  int size() {
    return points.length;
  }

  static long hash(String text) {
    long hash = 0;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = mix(hash ^ b);
    }
    return hash;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
