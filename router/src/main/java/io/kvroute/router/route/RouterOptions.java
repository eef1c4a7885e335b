package io.kvroute.router.route;

import java.util.concurrent.TimeUnit;

/**
 * How to decide, and what to assume where an engine does not say.
 *
 * @param policy one of {@link Policies#NAMES}
 * @param blockSize tokens in a block; vLLM's default on GPUs is 16
 * @param blocks blocks in a replica's cache
 * @param indexBytes memory an index may take, for each block size
 * @param prefixHashBlocks leading blocks that the policy prefix-hash looks at
 * @param sessionExpiryNanos after so long without a request a session's replica is forgotten
 */
public record RouterOptions(
    String policy,
    int blockSize,
    int blocks,
    long indexBytes,
    int prefixHashBlocks,
    long sessionExpiryNanos) {

  /** vLLM's block size, the cache of an 8B model on a GPU of 40 GB, and 1 GiB of index. */
  public static final RouterOptions DEFAULTS =
      new RouterOptions("kv-aware", 16, 8_192, 1L << 30, 16, TimeUnit.HOURS.toNanos(2));

  public RouterOptions {
    require("blockSize", blockSize, 1);
    require("blocks", blocks, 2);
    require("prefixHashBlocks", prefixHashBlocks, 1);
  }

  /** The same with another policy. */
  public RouterOptions withPolicy(String name) {
    return new RouterOptions(
        name, blockSize, blocks, indexBytes, prefixHashBlocks, sessionExpiryNanos);
  }

  private static void require(String property, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(property + ": " + value + " (expected: >= " + least + ")");
    }
  }
}
