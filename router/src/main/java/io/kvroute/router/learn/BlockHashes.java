package io.kvroute.router.learn;

/**
 * An engine's own hashes of blocks (engine hashes): opaque 64-bit values that identify blocks only
 * within that engine. Immutable.
 */
public final class BlockHashes {

  private final long[] hashes;

  /**
   * Wraps hashes without copying them.
   *
   * @param hashes must not be changed afterwards
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
