package io.kvroute.router.openai;

import java.nio.charset.StandardCharsets;

/**
 * A forward walk over JSON bytes that builds nothing: the caller reads the values it wants and
 * skips the others, and every byte passed over has been checked to be JSON.
 *
 * <p>What it takes for JSON is what Python's {@code json.loads} does, since that is what reads the
 * body next: also {@code NaN} and {@code Infinity}, and a leading byte order mark. Bytes above 0x7f
 * in strings are not checked to be UTF-8. Nesting deeper than {@value #MAX_DEPTH} is refused.
 *
 * <p>Not thread-safe.
 */
public final class JsonCursor {

  /** Levels a value may nest; Python gives up a little below 1,000. */
  static final int MAX_DEPTH = 512;

  private final byte[] bytes;
  private final int end;
  private final long[] isObject = new long[MAX_DEPTH / Long.SIZE];
  private int at;
  private int keyFrom;
  private int keyTo;
  private boolean opened;

  public JsonCursor(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public JsonCursor(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
    if (to - from >= 3 && bytes[from] == -17 && bytes[from + 1] == -69 && bytes[from + 2] == -65) {
      at += 3;
    }
  }

  /** Where the next byte is read. */
  public int position() {
    return at;
  }

  /** The first byte of the next value or punctuation, white space passed; -1 at the end. */
  public int peek() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xff;
      }
      at++;
    }
    return -1;
  }

  /** Enters an object, whose members {@link #nextMember} then walks. */
  public void enterObject() throws JsonSyntaxException {
    expect('{', "an object");
    opened = true;
  }

  /** Enters an array, whose elements {@link #nextElement} then walks. */
  public void enterArray() throws JsonSyntaxException {
    expect('[', "an array");
    opened = true;
  }

  /**
   * Goes to the next member's value, which the caller must read or skip; false once the object has
   * ended.
   */
  public boolean nextMember() throws JsonSyntaxException {
    if (!next('}')) {
      return false;
    }
    key();
    return true;
  }

  /** As {@link #nextMember}, in an array. */
  public boolean nextElement() throws JsonSyntaxException {
    return next(']');
  }

  private boolean next(char close) throws JsonSyntaxException {
    boolean first = opened;
    opened = false;
    int b = peek();
    if (b == close) {
      at++;
      return false;
    }
    if (!first) {
      expect(',', "',' or '" + close + "'");
    }
    return true;
  }

  /** Whether the current member's name is {@code name} (ASCII), however it is escaped. */
  public boolean keyIs(byte[] name) {
    int length = keyTo - keyFrom;
    if (length == name.length) {
      for (int i = 0; i < length; i++) {
        if (bytes[keyFrom + i] != name[i]) {
          return false;
        }
      }
      return true;
    }
    return length > name.length
        && ByteSearch.findSpecial(bytes, keyFrom, keyTo) < keyTo
        && keyText().equals(new String(name, StandardCharsets.US_ASCII));
  }

  /** The current member's name. */
  public String keyText() {
    return JsonText.decode(bytes, keyFrom, keyTo);
  }

  /** Reads a string. */
  public String text() throws JsonSyntaxException {
    if (peek() != '"') {
      throw unexpected("a string");
    }
    int from = at + 1;
    skipString();
    return JsonText.decode(bytes, from, at - 1);
  }

  /**
   * Reads a string into {@code target} as UTF-8, which needs room for as many bytes as it takes in
   * the body.
   *
   * @return the end of what was written
   */
  public int text(byte[] target, int offset) throws JsonSyntaxException {
    if (peek() != '"') {
      throw unexpected("a string");
    }
    int from = at + 1;
    skipString();
    return JsonText.unescape(bytes, from, at - 1, target, offset);
  }

  /** Reads a number as an int: fractions are cut, what doesn't fit becomes the nearest int. */
  public int number() throws JsonSyntaxException {
    peek();
    int from = at;
    skipNumber();
    long value = 0;
    boolean negative = bytes[from] == '-';
    for (int i = negative ? from + 1 : from; i < at; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || value > Integer.MAX_VALUE) {
        String text = new String(bytes, from, at - from, StandardCharsets.US_ASCII);
        return (int) Double.parseDouble(text);
      }
      value = value * 10 + digit;
    }
    return Math.clamp(negative ? -value : value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** Skips one value of any kind, however nested. */
  public void skip() throws JsonSyntaxException {
    int depth = 0;
    do {
      int b = peek();
      if (b == '{' || b == '[') {
        at++;
        if (peek() == (b == '{' ? '}' : ']')) {
          at++;
        } else {
          push(depth++, b == '{');
          if (b == '{') {
            key();
          }
          continue;
        }
      } else {
        skipScalar(b);
      }
      depth = closeAll(depth);
    } while (depth > 0);
  }

  /** After a value: leaves every container that ends here, or passes on to the next value. */
  private int closeAll(int open) throws JsonSyntaxException {
    int depth = open;
    while (depth > 0) {
      boolean object = (isObject[(depth - 1) >> 6] & 1L << (depth - 1)) != 0;
      int b = peek();
      if (b == ',') {
        at++;
        if (object) {
          key();
        }
        return depth;
      }
      if (b != (object ? '}' : ']')) {
        throw unexpected(object ? "',' or '}'" : "',' or ']'");
      }
      at++;
      depth--;
    }
    return depth;
  }

  private void push(int depth, boolean object) throws JsonSyntaxException {
    if (depth == MAX_DEPTH) {
      throw new JsonSyntaxException(
          "nested too deeply at byte " + at + " (expected: at most " + MAX_DEPTH + " levels)");
    }
    long bit = 1L << depth;
    isObject[depth >> 6] = object ? isObject[depth >> 6] | bit : isObject[depth >> 6] & ~bit;
  }

  private void skipScalar(int first) throws JsonSyntaxException {
    switch (first) {
      case '"' -> skipString();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      case 'N' -> word("NaN");
      case 'I' -> word("Infinity");
      default -> skipNumber();
    }
  }

  /** Ends the walk: only white space may follow. */
  public void end() throws JsonSyntaxException {
    if (peek() != -1) {
      throw unexpected("the end");
    }
  }

  private void key() throws JsonSyntaxException {
    if (peek() != '"') {
      throw unexpected("a member's name");
    }
    keyFrom = at + 1;
    skipString();
    keyTo = at - 1;
    expect(':', "':'");
  }

  private void skipString() throws JsonSyntaxException {
    int i = at + 1;
    while (true) {
      i = ByteSearch.findSpecial(bytes, i, end);
      at = i;
      if (i >= end) {
        throw unexpected("the string's closing quote");
      }
      if (bytes[i] == '"') {
        at = i + 1;
        return;
      }
      if (bytes[i] != '\\') {
        throw unexpected("control characters in strings to be escaped");
      }
      i += escape(i);
    }
  }

  private int escape(int i) throws JsonSyntaxException {
    byte kind = i + 1 < end ? bytes[i + 1] : 0;
    if (kind == 'u' && i + 6 <= end && JsonText.hex(bytes, i + 2) >= 0) {
      return 6;
    }
    if (kind == 0 || "\"\\/bfnrt".indexOf(kind) < 0) {
      throw unexpected("a valid escape");
    }
    return 2;
  }

  private void skipNumber() throws JsonSyntaxException {
    if (at < end && bytes[at] == '-') {
      at++;
      if (at < end && bytes[at] == 'I') {
        word("Infinity");
        return;
      }
    }
    if (at < end && bytes[at] == '0') {
      at++;
    } else {
      digits("a value");
    }
    if (at < end && bytes[at] == '.') {
      at++;
      digits("a digit");
    }
    if (at < end && (bytes[at] | 0x20) == 'e') {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      digits("a digit");
    }
  }

  private void digits(String expected) throws JsonSyntaxException {
    int from = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw unexpected(expected);
    }
  }

  private void word(String word) throws JsonSyntaxException {
    for (int i = 0; i < word.length(); i++) {
      if (at >= end || bytes[at] != word.charAt(i)) {
        throw unexpected(word);
      }
      at++;
    }
  }

  private void expect(char wanted, String expected) throws JsonSyntaxException {
    if (peek() != wanted) {
      throw unexpected(expected);
    }
    at++;
  }

  private JsonSyntaxException unexpected(String expected) {
    if (at >= end) {
      return new JsonSyntaxException(
          "it ends after " + end + " bytes (expected: " + expected + ")");
    }
    int b = bytes[at] & 0xff;
    String found = b > 0x20 && b < 0x7f ? "'" + (char) b + "'" : String.format("0x%02x", b);
    return new JsonSyntaxException(found + " at byte " + at + " (expected: " + expected + ")");
  }
}
