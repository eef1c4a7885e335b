package io.kvroute.router.index;

/**
 * What is believed of a replica and a block. Claims of several kinds add up: a block predicted and
 * then confirmed bears both until each is taken back, and is held while it bears any.
 */
public enum Claim {
  /** A request was routed there that will compute the block, or a model of the engine says so. */
  PREDICTED(1),
  /** The engine said that it holds the block in GPU memory. */
  GPU(2),
  /** The engine said that it holds the block in host memory. */
  HOST(4),
  /** The engine said that it holds the block on disk or in remote storage. */
  DISK(8);

  private final int bit;

  Claim(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
