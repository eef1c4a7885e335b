package io.kvroute.tokenizer.jinja.values;

/** Strings counted in code points, as Python counts them. Plain substrings where none is a pair. */
public final class CodePoints {

  private CodePoints() {}

  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The index in UTF-16 units of a code point. */
  public static int offset(String text, int codePoint) {
    return length(text) == text.length() ? codePoint : text.offsetByCodePoints(0, codePoint);
  }

  /** From one code point up to another. */
  public static String substring(String text, int from, int to) {
    if (length(text) == text.length()) {
      return text.substring(from, to);
    }
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /** The code points before an index in UTF-16 units. */
  public static int codePoints(String text, int offset) {
    return text.codePointCount(0, offset);
  }
}
