package io.kvroute.tokenizer.jinja.lex;

/** Decodes string literals by the rules of Python's codec {@code unicode_escape}. */
final class StringLiteral {

  private StringLiteral() {}

  /**
   * Unescapes the text between the quotes.
   *
   * @throws IllegalArgumentException if an escape is truncated or names no character
   */
  static String unescape(String body) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringBuilder out = new StringBuilder(body.length());
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i++);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = body.charAt(i++);
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> out.append(escape);
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'v' -> out.append('\u000b');
        case 'x' -> i = hex(body, i, 2, out);
        case 'u' -> i = hex(body, i, 4, out);
        case 'U' -> i = hex(body, i, 8, out);
        case 'N' -> i = named(body, i, out);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> i = octal(body, i - 1, out);
        default -> out.append('\\').append(escape);
      }
    }
    return out.toString();
  }

  private static int hex(String body, int start, int digits, StringBuilder out) {
    int end = start + digits;
    if (end > body.length()) {
      throw new IllegalArgumentException("truncated \\x escape");
    }
    long code = 0;
    for (int i = start; i < end; i++) {
      int digit = Character.digit(body.charAt(i), 16);
      if (digit < 0 || body.charAt(i) > 0x7f) {
        throw new IllegalArgumentException("truncated \\x escape");
      }
      code = code * 16 + digit;
    }
    if (code > Character.MAX_CODE_POINT) {
      throw new IllegalArgumentException("illegal Unicode character");
    }
    out.appendCodePoint((int) code);
    return end;
  }

  private static int octal(String body, int start, StringBuilder out) {
    int code = 0;
    int i = start;
    while (i < body.length() && i < start + 3 && body.charAt(i) >= '0' && body.charAt(i) <= '7') {
      code = code * 8 + (body.charAt(i++) - '0');
    }
    out.appendCodePoint(code);
    return i;
  }

  private static int named(String body, int start, StringBuilder out) {
    int end = body.indexOf('}', start);
    if (start >= body.length() || body.charAt(start) != '{' || end < 0) {
      throw new IllegalArgumentException("malformed \\N character escape");
    }
    out.appendCodePoint(Character.codePointOf(body.substring(start + 1, end)));
    return end + 1;
  }
}
