package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import org.jspecify.annotations.Nullable;

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
  private volatile @Nullable Slot column;

  Holder(BlockIndex index, int slot, Slot column) {
    this.index = index;
    this.slot = slot;
    this.column = column;
  }

  public int slot() {
    return slot;
  }

  /**
   * Adds a claim to the blocks {@code [from, to)} of a chain and counts them as used just now.
   * Blocks before {@code from} need not be held: matching then stops at the hole until they are.
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
    index.remove(this, key, claim.bit());
  }

  /** Takes all claims back: the block is not held any more. */
  public void remove(long key) {
    index.remove(this, key, Entries.CLAIMS);
  }

  /** Whether the block bears any claim. */
  public boolean holds(long key) {
    Slot current = column;
    return current != null && index.claims(current, key) != 0;
  }

  /** Whether the block bears this claim. */
  public boolean holds(long key, Claim claim) {
    Slot current = column;
    return current != null && (index.claims(current, key) & claim.bit()) != 0;
  }

  /** Blocks held. */
  public int blocks() {
    Slot current = column;
    return current == null ? 0 : current.blocks.get();
  }

  /**
   * Forgets everything at once, as when the engine restarted; writing may go on. Look-ups see
   * nothing of it from now on, though its memory is freed little by little.
   */
  public synchronized void clear() {
    Slot old = column;
    if (old != null) {
      column = index.newColumn(old, slot);
    }
  }

  /** Forgets everything and makes later writes do nothing. */
  public synchronized void close() {
    Slot old = column;
    column = null;
    if (old != null) {
      index.retire(old);
    }
  }

  @Nullable Slot column() {
    return column;
  }
}
