package io.kvroute.router.route;

/**
 * The router's figures for one replica.
 *
 * @param inflight requests routed there that have not ended
 * @param queuedPrefillTokens prefill work sent there whose end has not been seen
 * @param secondsPerPrefillToken learned prefill speed
 */
public record ReplicaStats(
    int inflight,
    int queuedPrefillTokens,
    double secondsPerPrefillToken,
    Cache cache,
    Health health) {

  /** The figures for a replica that the router does not know. */
  public static final ReplicaStats NONE =
      new ReplicaStats(0, 0, 0, new Cache(0, 0, 0, "none", 0), Health.WELL);

  /**
   * The replica's cache, by the view that is trusted.
   *
   * @param heldBlocks blocks that the view holds
   * @param capacityBlocks blocks that the engine can allocate, 0 where unknown
   * @param blockSize tokens in a block
   * @param knowledge where the view comes from: {@code events}, {@code shadow} or {@code none}
   * @param indexSlot the slot of the view in the index
   */
  public record Cache(
      int heldBlocks, int capacityBlocks, int blockSize, String knowledge, int indexSlot) {}
}
