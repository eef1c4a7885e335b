package io.kvroute.router.index;

/**
 * A chain of blocks that one replica holds, for people to look at.
 *
 * @param tailKey the key of its last block, which names the whole chain
 * @param blocks held blocks from that one back towards the root, up to the first hole
 * @param whole whether it reaches the root; one that does not can match nothing
 * @param holders replicas that hold its last block
 * @param uses how often its last block was stored or stored again, by any replica
 */
public record Chain(long tailKey, int blocks, boolean whole, int holders, int uses) {}
