package io.kvroute.tokenizer.jinja.values;

/** White space and line ends as Python's strings define them. */
public final class Whitespace {

  private Whitespace() {}

  /** Python's {@code str.isspace} for one character. No white space lies outside the BMP. */
  public static boolean isSpace(int c) {
    if (c < 0x80) {
      return c == ' ' || (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x1f);
    }
    return c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  /** Whether {@code str.splitlines} ends a line at this character. */
  public static boolean isLineEnd(char c) {
    return (c >= 0x0a && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** The first index from {@code start} that holds no white space, or {@code s.length()}. */
  public static int skip(String s, int start) {
    int i = start;
    while (i < s.length() && isSpace(s.charAt(i))) {
      i++;
    }
    return i;
  }

  public static String stripStart(String s) {
    return s.substring(skip(s, 0));
  }

  public static String stripEnd(String s) {
    int end = s.length();
    while (end > 0 && isSpace(s.charAt(end - 1))) {
      end--;
    }
    return s.substring(0, end);
  }

  public static String strip(String s) {
    return stripEnd(stripStart(s));
  }
}
