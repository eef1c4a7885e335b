package io.kvroute.router.route;

import io.kvroute.router.index.BlockKeys;
import java.util.random.RandomGenerator;

/** The replica that the prompt's leading blocks hash to, unless it is loaded beyond its share. */
final class PrefixHash implements Policy {

  private final HashRings rings = new HashRings();
  private final int leadingBlocks;
  private final RandomGenerator random;

  PrefixHash(int leadingBlocks, RandomGenerator random) {
    this.leadingBlocks = leadingBlocks;
    this.random = random;
  }

  @Override
  public String name() {
    return "prefix-hash";
  }

  @Override
  public int pick(Candidates candidates, RouteQuery query, long nowNanos) {
    BlockKeys keys = query.keys().blocks(candidates.ledger(0).blockSize());
    int blocks = Math.min(leadingBlocks, keys.count());
    long key = blocks == 0 ? random.nextLong() : keys.key(blocks - 1);
    return rings.of(query.model(), candidates).pick(key, candidates);
  }
}
