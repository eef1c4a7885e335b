package io.kvroute.router.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Consistent hashing (Karger et al., 1997): each replica has 256 points on a ring for each unit of
 * its weight, and a key belongs to the next point. A replica that joins or leaves therefore moves
 * only its share of the keys. Points are hashes of the replicas' addresses alone, so that several
 * routers build the same ring. Immutable.
 *
 * <p>The ring is one sorted array of 64-bit numbers, one for each point. The upper 48 bits of a
 * number are the point's hash, the low 16 bits are the replica's slot. Finding the first point for
 * a key costs O(log points).
 */
final class HashRing {

  static final int POINTS_PER_WEIGHT = 256;

  /** Enough for every slot: {@link io.kvroute.router.index.BlockIndex#MAX_SLOTS} is smaller. */
  private static final int SLOT_BITS = 16;

  private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

  private final long[] points;

  HashRing(List<RoutedReplica> replicas) {
    int size = replicas.stream().mapToInt(replica -> replica.identity.weight()).sum();
    points = new long[size * POINTS_PER_WEIGHT];
    int n = 0;
    for (RoutedReplica replica : replicas) {
      long seed = hash(replica.identity.url().toString());
      for (int i = 0; i < replica.identity.weight() * POINTS_PER_WEIGHT; i++) {
        points[n++] = (mix(seed + i) & ~SLOT_MASK) | replica.slot;
      }
    }
    Arrays.sort(points);
  }

  /** The index of the first point for a key, from 0 to {@link #size()}. */
  int start(long key) {
    int at = Arrays.binarySearch(points, mix(key) & ~SLOT_MASK);
    return at >= 0 ? at : -at - 1;
  }

  /** The slot at the point that is {@code step} points after {@code start}. */
  int slot(int start, int step) {
    return (int) (points[(start + step) % points.length] & SLOT_MASK);
  }

  /** The number of points. */
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
