package io.kvroute.router.index;

import java.util.Arrays;

/**
 * The holders of a block that many hold, as bit planes over the columns: one plane for held, two
 * for the children and one for each claim, each as many words long. The length of the array is a
 * multiple of seven, which no list of entries is, so that a reader can tell one from the other.
 */
final class HolderBitPlanes {

  private static final int PLANES = 7;
  private static final int FIRST_STATE_PLANE = 1;
  private static final int STATE_PLANES = PLANES - FIRST_STATE_PLANE;

  // HolderBitPlanes follow the bits of a state: four of claims, then two of children.
  private static final int CHILDREN_PLANE = FIRST_STATE_PLANE + Entries.CHILD_SHIFT;

  private HolderBitPlanes() {}

  static boolean is(long[] array) {
    return array.length % PLANES == 0;
  }

  static long[] make(int words) {
    return new long[words * PLANES];
  }

  /** Words in a plane; word i of the array is word i of the plane of holders. */
  static int words(long[] planes) {
    return planes.length / PLANES;
  }

  /** The planes with room for so many words of columns. */
  static long[] widen(long[] planes, int words) {
    int before = words(planes);
    long[] wide = make(words);
    for (int p = 0; p < PLANES; p++) {
      System.arraycopy(planes, p * before, wide, p * words, before);
    }
    return wide;
  }

  /** How many holders a list may have before planes take less than 32 bytes a holder. */
  static int worthwhile(int words) {
    return (PLANES * words + 2) / 4 + 1;
  }

  static int get(long[] planes, int column) {
    int words = words(planes);
    int at = column >>> 6;
    if (at >= words) {
      return 0;
    }
    int state = 0;
    for (int bit = 0; bit < STATE_PLANES; bit++) {
      long word = planes[(FIRST_STATE_PLANE + bit) * words + at];
      state |= (int) (word >>> column & 1) << bit;
    }
    return state;
  }

  static void put(long[] planes, int column, int state) {
    int words = words(planes);
    int at = column >>> 6;
    long mask = 1L << column;
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

  /** The columns that hold, ascending. */
  static int[] columns(long[] planes) {
    int[] columns = new int[count(planes)];
    int n = 0;
    for (int i = 0; i < words(planes); i++) {
      for (long left = planes[i]; left != 0 && n < columns.length; left &= left - 1) {
        columns[n++] = (i << 6) + Long.numberOfTrailingZeros(left);
      }
    }
    return Arrays.copyOf(columns, n);
  }
}
