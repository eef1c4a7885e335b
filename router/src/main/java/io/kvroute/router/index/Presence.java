package io.kvroute.router.index;

/**
 * Why a block counts as present in a replica's cache. Reasons add up: a block that is predicted and
 * then reported by events has both marks, and is held until each of them is removed.
 */
public enum Presence {
  /** A request that computes the block was routed there, or a model of the engine holds it. */
  PREDICTED(1),
  /** The engine reported the block in GPU memory. */
  GPU(2),
  /** The engine reported the block in host memory. */
  HOST(4),
  /** The engine reported the block on disk or in remote storage. */
  DISK(8);

  private final int bit;

  Presence(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
