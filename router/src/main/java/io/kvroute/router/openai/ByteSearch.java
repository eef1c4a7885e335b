package io.kvroute.router.openai;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds bytes eight at a time, with the usual word arithmetic (Warren, Hacker's Delight, 6-1): a
 * zero byte is found by a subtraction whose borrow sets its high bit. A borrow can set false marks
 * only above a true one, so the lowest mark is always right.
 */
final class ByteSearch {

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private ByteSearch() {}

  /** The index of the first {@code wanted} (ASCII) in {@code bytes[from..to)}, or {@code to}. */
  static int find(byte[] bytes, int from, int to, char wanted) {
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long word = (long) WORDS.get(bytes, i) ^ (ONES * wanted);
      long marks = (word - ONES) & ~word & HIGHS;
      if (marks != 0) {
        return i + (Long.numberOfTrailingZeros(marks) >>> 3);
      }
    }
    while (i < to && bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  /**
   * The index of the first quote, backslash or control character in {@code bytes[from..to)}, or
   * {@code to}.
   */
  static int findSpecial(byte[] bytes, int from, int to) {
    int i = from;
    for (; i + 2 * Long.BYTES <= to; i += 2 * Long.BYTES) {
      long low = specials((long) WORDS.get(bytes, i));
      long high = specials((long) WORDS.get(bytes, i + Long.BYTES));
      if ((low | high) != 0) {
        return low != 0
            ? i + (Long.numberOfTrailingZeros(low) >>> 3)
            : i + Long.BYTES + (Long.numberOfTrailingZeros(high) >>> 3);
      }
    }
    while (i < to && bytes[i] != '"' && bytes[i] != '\\' && (bytes[i] & 0xff) >= 0x20) {
      i++;
    }
    return i;
  }

  /**
   * Flipping bit 1 turns a quote (0x22) into 0x20, so that one comparison with 0x21 finds quotes
   * and control characters.
   */
  private static long specials(long word) {
    long controlOrQuote = (word ^ (ONES * 0x02)) - ONES * 0x21;
    long backslash = (word ^ (ONES * '\\')) - ONES;
    return (controlOrQuote | backslash) & ~word & HIGHS;
  }
}
