package io.kvroute.router.openai;

import java.nio.charset.StandardCharsets;

/**
 * Reads JSON bytes forward without building objects: the caller reads the values it wants and skips
 * the others. Every byte passed over has been checked to be valid JSON.
 *
 * <p>Accepts what Python's {@code json.loads} accepts, because the engine reads the body with it:
 * also {@code NaN} and {@code Infinity}, and a leading byte order mark. Does not check that bytes
 * above 0x7f in strings are valid UTF-8. Rejects nesting deeper than {@value #MAX_DEPTH}.
 *
 * <p>Not thread-safe.
 */
public final class JsonCursor extends JsonLexer {

  /** The deepest nesting of a value; Python fails a little below 1,000. */
  static final int MAX_DEPTH = 512;

  private final long[] isObject = new long[MAX_DEPTH / Long.SIZE];
  private int keyFrom;
  private int keyTo;
  private boolean opened;

  public JsonCursor(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public JsonCursor(byte[] bytes, int from, int to) {
    super(bytes, from, to);
  }

  /** Enters an object; {@link #nextMember} then visits its members. */
  public void enterObject() throws JsonSyntaxException {
    expect('{', "an object");
    opened = true;
  }

  /** Enters an array; {@link #nextElement} then visits its elements. */
  public void enterArray() throws JsonSyntaxException {
    expect('[', "an array");
    opened = true;
  }

  /**
   * Moves to the next member's value, which the caller must read or skip; returns false at the end
   * of the object.
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

  /**
   * Whether the current member's name is {@code name} (ASCII), even if it is written with escapes.
   */
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
   * Reads a string into {@code target} as UTF-8. The target needs as much room as the string takes
   * in the body.
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

  /** Reads a number as an int: drops the fraction and clamps to the range of an int. */
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

  /** Skips one value of any kind and depth. */
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

  /** After a value: leaves every container that ends here, or moves to the next value. */
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

  /** Requires that only white space follows. */
  public void end() throws JsonSyntaxException {
    if (peek() != -1) {
      throw unexpected("the end of the document");
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
}
