package io.kvroute.router.index;

/**
 * A chain of blocks that one slot holds, for display.
 *
 * @param tailKey the key of the last block, which identifies the whole chain
 * @param blocks held blocks, counted from the last one towards the root up to the first block that
 *     is not held
 * @param whole whether the chain reaches the root; a chain that does not cannot match any prompt
 * @param holders slots that hold the last block
 * @param uses how often any slot stored the last block
 */
public record CachedPrefix(long tailKey, int blocks, boolean whole, int holders, int uses) {}
