package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the blocks of one slot of the index. After {@link #close}, or after the slot was
 * opened again, writes do nothing, so that a late writer cannot add blocks to the slot's next
 * owner.
 *
 * <p>Thread-safe.
 */
public final class IndexWriter {

  private final BlockIndex index;
  private final int slotNumber;
  private volatile @Nullable Slot slot;

  IndexWriter(BlockIndex index, int slotNumber, Slot slot) {
    this.index = index;
    this.slotNumber = slotNumber;
    this.slot = slot;
  }

  /**
   * Marks the blocks {@code [from, to)} of a chain as present and counts one use of each. Blocks
   * before {@code from} need not be held; matching stops at the first block that is not.
   */
  public void store(BlockKeys keys, int from, int to, Presence presence) {
    index.store(this, keys, from, to, presence);
  }

  /** Adds a mark to a block that is held already. Does nothing if the block is not held. */
  public void mark(long key, Presence presence) {
    index.mark(this, key, presence);
  }

  /** Removes one mark. The block is still held if it has another. */
  public void remove(long key, Presence presence) {
    index.remove(this, key, presence.bit());
  }

  /** Removes all marks: the block is not held any more. */
  public void remove(long key) {
    index.remove(this, key, Entries.PRESENCE);
  }

  /** Whether the block has any mark. */
  public boolean holds(long key) {
    Slot current = slot;
    return current != null && index.presence(current, key) != 0;
  }

  /** Whether the block has this mark. */
  public boolean holds(long key, Presence presence) {
    Slot current = slot;
    return current != null && (index.presence(current, key) & presence.bit()) != 0;
  }

  /** Blocks held. */
  public int blocks() {
    Slot current = slot;
    return current == null ? 0 : current.blocks.get();
  }

  /**
   * Removes all blocks at once, for example when the engine restarted; writing may continue.
   * Look-ups see none of them from now on. Later writes free their memory, a few nodes at a time.
   */
  public synchronized void clear() {
    Slot old = slot;
    if (old != null) {
      slot = index.openSlot(old, slotNumber);
    }
  }

  /** Removes all blocks and makes later writes do nothing. */
  public synchronized void close() {
    Slot old = slot;
    slot = null;
    if (old != null) {
      index.retire(old);
    }
  }

  @Nullable Slot slot() {
    return slot;
  }
}
