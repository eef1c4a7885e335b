package io.kvroute.router.route;

/**
 * A replica in the router's books.
 *
 * @param queuedPrefillTokens prompt tokens sent there whose prefill has not been seen to end
 * @param knowledge how its cache is known: {@code events}, {@code shadow} or {@code none}
 * @param indexSlot where the index has what is believed of its cache
 */
public record ReplicaStats(
    int inflight,
    int queuedPrefillTokens,
    int blocksHeld,
    int blockCapacity,
    int blockSize,
    double secondsPerPrefillToken,
    String knowledge,
    int indexSlot) {}
