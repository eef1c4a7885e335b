package io.kvroute.router.index;

/**
 * What is believed of a replica and a block. Claims of several kinds add up: a block predicted and
 * then confirmed bears both until each is taken back, and is held while it bears any.
 */
public enum Claim {
  /** A request was routed there that will compute the block, or a model of the engine says so. */
  PREDICTED,
  /** The engine said that it holds the block in GPU memory. */
  GPU,
  /** The engine said that it holds the block in host memory. */
  HOST,
  /** The engine said that it holds the block on disk or in remote storage. */
  DISK;

  int bit() {
    return 1 << ordinal();
  }
}
