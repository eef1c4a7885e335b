package io.kvroute.router.learn;

/**
 * An engine's own names for blocks: opaque 64-bit values, good only for removal and for finding a
 * parent. Never changed once made.
 */
public final class BlockHashes {

  private final long[] hashes;

  /**
   * Wraps hashes without copying them.
   *
   * @param hashes handed over
   */
  public BlockHashes(long... hashes) {
    this.hashes = hashes;
  }

  int size() {
    return hashes.length;
  }

  long get(int i) {
    return hashes[i];
  }
}
