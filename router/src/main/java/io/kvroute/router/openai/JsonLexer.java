package io.kvroute.router.openai;

/**
 * The lexical layer of {@link JsonCursor}: passes over white space, strings, numbers and literals,
 * and checks each of them. Not thread-safe.
 */
abstract sealed class JsonLexer permits JsonCursor {

  final byte[] bytes;
  final int end;
  int at;

  /** Starts at {@code from}, or behind a byte order mark that stands there. */
  JsonLexer(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
    if (to - from >= 3 && bytes[from] == -17 && bytes[from + 1] == -69 && bytes[from + 2] == -65) {
      at += 3;
    }
  }

  /** The index of the next byte. */
  public final int position() {
    return at;
  }

  /** The first byte of the next value or punctuation, after white space; -1 at the end. */
  public final int peek() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xff;
      }
      at++;
    }
    return -1;
  }

  final void skipScalar(int first) throws JsonSyntaxException {
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

  final void skipString() throws JsonSyntaxException {
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

  final void skipNumber() throws JsonSyntaxException {
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

  final void expect(char wanted, String expected) throws JsonSyntaxException {
    if (peek() != wanted) {
      throw unexpected(expected);
    }
    at++;
  }

  final JsonSyntaxException unexpected(String expected) {
    if (at >= end) {
      return new JsonSyntaxException(
          "it ends after " + end + " bytes (expected: " + expected + ")");
    }
    int b = bytes[at] & 0xff;
    String found = b > 0x20 && b < 0x7f ? "'" + (char) b + "'" : String.format("0x%02x", b);
    return new JsonSyntaxException(found + " at byte " + at + " (expected: " + expected + ")");
  }
}
