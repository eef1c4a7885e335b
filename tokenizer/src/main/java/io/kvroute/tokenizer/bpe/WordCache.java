package io.kvroute.tokenizer.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Remembers the ids of words, in one array of fixed size: slots of eight longs (a cache line), two
 * slots for each hash. Slots hold words of at most {@value #MAX_BYTES} bytes and {@value #MAX_IDS}
 * ids; a new word takes the place of another in turn. Nothing is allocated.
 *
 * <p>Safe for any number of threads without locks. A slot's first long is a version, odd while the
 * slot is being written, with the word's length and count of ids; readers take the slot for unknown
 * if it has changed meanwhile (the idiom of {@link java.util.concurrent.locks.StampedLock}).
 */
final class WordCache {

  static final int MAX_BYTES = 32;
  static final int MAX_IDS = 6;

  private static final int SLOT = 8;
  private static final int KEY = 1;
  private static final int IDS = KEY + MAX_BYTES / Long.BYTES;
  private static final long ONE_VERSION = 1L << Integer.SIZE;
  private static final long LOW = ONE_VERSION - 1;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] slots;
  private final int shift;

  /**
   * @param bits the binary logarithm of the number of slots, each of 64 bytes
   */
  WordCache(int bits) {
    slots = new long[SLOT << bits];
    shift = Long.SIZE - bits + 1;
  }

  /** Adds the ids of a word to {@code out}, if they are known. */
  boolean find(byte[] bytes, int start, int length, long hash, IdBuffer out) {
    if (length > MAX_BYTES) {
      return false;
    }
    int slot = slot(hash);
    return findIn(slot, bytes, start, length, out)
        || findIn(slot + SLOT, bytes, start, length, out);
  }

  /** The first of the two slots. */
  private int slot(long hash) {
    return (int) (hash >>> shift) * (2 * SLOT);
  }

  private boolean findIn(int slot, byte[] bytes, int start, int length, IdBuffer out) {
    long head = (long) LONGS.getAcquire(slots, slot);
    if ((head & ONE_VERSION) != 0 || length(head) != length) {
      return false;
    }
    int at = start;
    int left = length;
    int key = slot + KEY;
    while (left > Long.BYTES) {
      if (slots[key++] != WordHash.longAt(bytes, at)) {
        return false;
      }
      at += Long.BYTES;
      left -= Long.BYTES;
    }
    if (slots[key] != WordHash.longAt(bytes, at, left)) {
      return false;
    }
    long ids0 = slots[slot + IDS];
    long ids1 = slots[slot + IDS + 1];
    long ids2 = slots[slot + IDS + 2];
    VarHandle.acquireFence();
    if ((long) LONGS.getOpaque(slots, slot) != head) {
      return false;
    }
    int count = count(head);
    out.add((int) ids0);
    if (count > 1) {
      out.add((int) (ids0 >>> Integer.SIZE));
    }
    if (count > 2) {
      out.add((int) ids1);
      if (count > 3) {
        out.add((int) (ids1 >>> Integer.SIZE));
      }
    }
    if (count > 4) {
      out.add((int) ids2);
      if (count > 5) {
        out.add((int) (ids2 >>> Integer.SIZE));
      }
    }
    return true;
  }

  private static int length(long head) {
    return (int) head & 0xff;
  }

  private static int count(long head) {
    return (int) head >>> Byte.SIZE;
  }

  /**
   * Remembers a word, unless it is too large or another thread is at the slot.
   *
   * @param ids holds the word's ids from {@code from} on
   */
  void put(byte[] bytes, int start, int length, long hash, int[] ids, int from, int count) {
    if (length > MAX_BYTES || count > MAX_IDS) {
      return;
    }
    int slot = slot(hash);
    long head = (long) LONGS.getOpaque(slots, slot);
    long other = (long) LONGS.getOpaque(slots, slot + SLOT);
    if (head >>> Integer.SIZE > other >>> Integer.SIZE) {
      slot += SLOT;
      head = other;
    }
    long writing = (head & ~LOW) + ONE_VERSION;
    if ((head & ONE_VERSION) != 0 || !LONGS.compareAndSet(slots, slot, head, writing)) {
      return;
    }
    VarHandle.storeStoreFence();
    write(slot, bytes, start, length, ids, from, count);
    LONGS.setRelease(slots, slot, writing + ONE_VERSION + (count << Byte.SIZE | length));
  }

  private void write(
      int slot, byte[] bytes, int start, int length, int[] ids, int from, int count) {
    int key = slot + KEY;
    for (int done = 0; done < length; done += Long.BYTES) {
      slots[key++] = WordHash.longAt(bytes, start + done, Math.min(Long.BYTES, length - done));
    }
    for (int i = 0; i < count; i += 2) {
      long second = i + 1 < count ? ids[from + i + 1] : 0;
      slots[slot + IDS + i / 2] = second << Integer.SIZE | Integer.toUnsignedLong(ids[from + i]);
    }
  }

  /** Forgets everything; not while other threads use it. */
  void clear() {
    Arrays.fill(slots, 0);
  }
}
