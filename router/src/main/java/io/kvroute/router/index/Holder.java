package io.kvroute.router.index;

/**
 * One replica's hand on the index: everything written here is believed of that replica only. Once
 * closed, or once its slot was opened again for another replica, writes through it do nothing, so
 * that a late writer cannot colour its successor.
 *
 * <p>Thread-safe.
 */
public final class Holder {

  private final BlockIndex index;
  private final int slot;

  Holder(BlockIndex index, int slot) {
    this.index = index;
    this.slot = slot;
  }

  public int slot() {
    return slot;
  }

  /**
   * Adds a claim to the blocks {@code [from, to)} of a chain and counts them as used just now, the
   * first as the most recent. Blocks before {@code from} need not be held: matching then stops at
   * the hole until they are.
   */
  public void store(BlockKeys keys, int from, int to, Claim claim) {
    index.store(this, keys, from, to, claim);
  }

  /** Adds a claim to a block that is held already; nothing happens where it is not. */
  public void claim(long key, Claim claim) {
    index.claim(this, key, claim);
  }

  /** Takes a claim back; the block is held on while it bears another. */
  public void remove(long key, Claim claim) {
    index.remove(this, key, claim);
  }

  /** Whether the block bears any claim. */
  public boolean holds(long key) {
    return index.claims(this, key) != 0;
  }

  /** Whether the block bears this claim. */
  public boolean holds(long key, Claim claim) {
    return (index.claims(this, key) & claim.bit()) != 0;
  }

  /** Blocks held. */
  public int blocks() {
    return index.blocksHeld(this);
  }

  /** Forgets everything at once, as when the engine restarted; writing may go on. */
  public void clear() {
    index.clear(this);
  }

  /** Forgets everything and makes later writes do nothing. */
  public void close() {
    index.close(this);
  }
}
