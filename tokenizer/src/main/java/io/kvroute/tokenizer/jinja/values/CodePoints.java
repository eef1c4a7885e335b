package io.kvroute.tokenizer.jinja.values;

/**
 * Lengths and positions in code points, as Python counts them. Costs a plain substring if the text
 * has no surrogate pairs.
 */
public final class CodePoints {

  private CodePoints() {}

  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The UTF-16 index of a code point. */
  public static int offset(String text, int codePoint) {
    return length(text) == text.length() ? codePoint : text.offsetByCodePoints(0, codePoint);
  }

  /** The text between two code points. */
  public static String substring(String text, int from, int to) {
    if (length(text) == text.length()) {
      return text.substring(from, to);
    }
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /** The number of code points before a UTF-16 index. */
  public static int codePoints(String text, int offset) {
    return text.codePointCount(0, offset);
  }
}
