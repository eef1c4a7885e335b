package io.kvroute.router.index;

import java.util.Arrays;

/**
 * The holders of a block that many slots hold, as bit planes over the slot ids: a plane is a bit
 * set with one bit for each slot. Seven planes of equal length lie one after another in one array:
 *
 * <pre>
 * plane 0     the slot holds the block
 * planes 1-4  the slot's {@link Presence} marks
 * planes 5-6  the slot's child blocks: none, one or many (see {@link Entries})
 * </pre>
 *
 * The length of the array is a multiple of seven. The length of a list of {@link Entries} never is,
 * so a reader can tell the two forms apart. A slot costs seven bits, whether it holds the block or
 * not.
 */
final class HolderBitPlanes {

  private static final int PLANES = 7;
  private static final int FIRST_STATE_PLANE = 1;
  private static final int STATE_PLANES = PLANES - FIRST_STATE_PLANE;

  // Planes follow the bits of a state: four of presence, then two of children.
  private static final int CHILDREN_PLANE = FIRST_STATE_PLANE + Entries.CHILD_SHIFT;

  private HolderBitPlanes() {}

  static boolean is(long[] array) {
    return array.length % PLANES == 0;
  }

  static long[] make(int words) {
    return new long[words * PLANES];
  }

  /** Words in a plane. Word i of the array is word i of plane 0, the set of holders. */
  static int words(long[] planes) {
    return planes.length / PLANES;
  }

  /** A copy with room for so many words of slot ids. */
  static long[] widen(long[] planes, int words) {
    int before = words(planes);
    long[] wide = make(words);
    for (int p = 0; p < PLANES; p++) {
      System.arraycopy(planes, p * before, wide, p * words, before);
    }
    return wide;
  }

  /** The number of holders from which on planes take less than 32 bytes a holder. */
  static int worthwhile(int words) {
    return (PLANES * words + 2) / 4 + 1;
  }

  static int get(long[] planes, int slotId) {
    int words = words(planes);
    int at = slotId >>> 6;
    if (at >= words) {
      return 0;
    }
    int state = 0;
    for (int bit = 0; bit < STATE_PLANES; bit++) {
      long word = planes[(FIRST_STATE_PLANE + bit) * words + at];
      state |= (int) (word >>> slotId & 1) << bit;
    }
    return state;
  }

  static void put(long[] planes, int slotId, int state) {
    int words = words(planes);
    int at = slotId >>> 6;
    long mask = 1L << slotId;
    for (int bit = 0; bit < STATE_PLANES; bit++) {
      int word = (FIRST_STATE_PLANE + bit) * words + at;
      planes[word] = (state >>> bit & 1) != 0 ? planes[word] | mask : planes[word] & ~mask;
    }
    planes[at] = state != 0 ? planes[at] | mask : planes[at] & ~mask;
  }

  static int count(long[] planes) {
    int n = 0;
    for (int i = 0; i < words(planes); i++) {
      n += Long.bitCount(planes[i]);
    }
    return n;
  }

  static boolean anyChildren(long[] planes) {
    int words = words(planes);
    for (int i = CHILDREN_PLANE * words; i < planes.length; i++) {
      if (planes[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** The ids of the slots that hold the block, ascending. */
  static int[] slotIds(long[] planes) {
    int[] slotIds = new int[count(planes)];
    int n = 0;
    for (int i = 0; i < words(planes); i++) {
      for (long left = planes[i]; left != 0 && n < slotIds.length; left &= left - 1) {
        slotIds[n++] = (i << 6) + Long.numberOfTrailingZeros(left);
      }
    }
    return Arrays.copyOf(slotIds, n);
  }
}
