package io.kvroute.router.route;

import java.util.concurrent.TimeUnit;

/**
 * How to decide, and what to assume of an engine that does not report it.
 *
 * @param policy one of {@link Policies#NAMES}
 * @param blockSize assumed tokens in a block; vLLM's default on GPUs is 16
 * @param blocks assumed blocks in a replica's cache
 * @param indexBytes the most memory of an index, for each block size
 * @param prefixHashBlocks leading blocks that policy prefix-hash hashes
 * @param prefixHashLoadFactor the most requests that policy prefix-hash gives a replica, as a
 *     multiple of its fair share
 * @param sessionExpiryNanos time without a request after which a session is forgotten
 */
public record RouterOptions(
    String policy,
    int blockSize,
    int blocks,
    long indexBytes,
    int prefixHashBlocks,
    double prefixHashLoadFactor,
    long sessionExpiryNanos) {

  /** vLLM's block size, a cache of a million tokens, and 1 GiB of index. */
  public static final RouterOptions DEFAULTS =
      new RouterOptions("kv-aware", 16, 65_536, 1L << 30, 16, 1.25, TimeUnit.HOURS.toNanos(2));

  public RouterOptions {
    require("blockSize", blockSize, 1);
    require("blocks", blocks, 2);
    require("prefixHashBlocks", prefixHashBlocks, 1);
    require("prefixHashLoadFactor", prefixHashLoadFactor, 1);
    if (!Policies.NAMES.contains(policy)) {
      throw new IllegalArgumentException(
          "policy: " + policy + " (expected: one of " + Policies.NAMES + ")");
    }
  }

  /** These options with another policy. */
  public RouterOptions withPolicy(String name) {
    return new RouterOptions(
        name,
        blockSize,
        blocks,
        indexBytes,
        prefixHashBlocks,
        prefixHashLoadFactor,
        sessionExpiryNanos);
  }

  private static void require(String property, double value, int least) {
    if (!(value >= least)) {
      throw new IllegalArgumentException(property + ": " + value + " (expected: >= " + least + ")");
    }
  }
}
