package io.kvroute.router.route;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;

/**
 * Consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam, 2018) over a prompt's
 * leading blocks. Prompts with equal leading blocks go to one replica until that has more than its
 * share of requests, then to the next on the ring. A prompt shorter than one block goes to the
 * least loaded replica. Costs O(candidates).
 */
final class PrefixHash implements Policy {

  private final int blocks;
  private final double loadFactor;
  private final RingWalk walk = new RingWalk();

  PrefixHash(int blocks, double loadFactor) {
    this.blocks = blocks;
    this.loadFactor = loadFactor;
  }

  @Override
  public int pick(Candidates candidates) {
    PromptKeys prompt = candidates.keys;
    BlockKeys keys = prompt.blocks(candidates.pool.blockSizes()[0]);
    int leading = Math.min(blocks, keys.count());
    if (leading == 0) {
      return LeastLoad.leastLoaded(candidates);
    }
    int requestsWithThis = 1;
    double weight = 0;
    for (int i = 0; i < candidates.count; i++) {
      requestsWithThis += candidates.loads.inflight[candidates.slots[i]];
      weight += candidates.loads.weight[candidates.slots[i]];
    }
    return walk.firstWithRoom(
        candidates, keys.key(leading - 1), loadFactor * requestsWithThis / weight);
  }
}
