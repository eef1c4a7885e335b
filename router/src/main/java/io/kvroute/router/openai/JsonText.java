package io.kvroute.router.openai;

import java.nio.charset.StandardCharsets;

/** Decodes the contents of JSON strings. */
final class JsonText {

  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  private JsonText() {}

  /** Decodes the contents of a string that was found to be well-formed. */
  static String decode(byte[] bytes, int from, int to) {
    if (ByteSearch.findSpecial(bytes, from, to) == to) {
      return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
    byte[] plain = new byte[to - from];
    int length = unescape(bytes, from, to, plain, 0);
    return new String(plain, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * Writes the contents of a well-formed string as UTF-8; the output is never longer than the
   * input. An unpaired surrogate becomes U+FFFD; invalid UTF-8 is kept.
   *
   * @return the end of what was written
   */
  static int unescape(byte[] bytes, int from, int to, byte[] target, int at) {
    int i = from;
    int out = at;
    while (true) {
      int escape = ByteSearch.findSpecial(bytes, i, to);
      System.arraycopy(bytes, i, target, out, escape - i);
      out += escape - i;
      if (escape >= to) {
        return out;
      }
      byte kind = bytes[escape + 1];
      if (kind != 'u') {
        target[out++] = control(kind);
        i = escape + 2;
        continue;
      }
      int unit = hex(bytes, escape + 2);
      i = escape + 6;
      if (unit >= 0xd800 && unit < 0xdc00 && i + 6 <= to && bytes[i] == '\\') {
        int low = bytes[i + 1] == 'u' ? hex(bytes, i + 2) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
          unit = Character.toCodePoint((char) unit, (char) low);
          i += 6;
        }
      }
      out = put(unit, target, out);
    }
  }

  private static byte control(byte kind) {
    return switch (kind) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> kind;
    };
  }

  /** Four hexadecimal digits, or -1. */
  static int hex(byte[] bytes, int at) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static int put(int codePoint, byte[] target, int at) {
    int out = at;
    if (codePoint < 0x80) {
      target[out++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      target[out++] = (byte) (0xc0 | (codePoint >> 6));
      target[out++] = continuation(codePoint);
    } else if (codePoint >= 0xd800 && codePoint < 0xe000) {
      System.arraycopy(REPLACEMENT, 0, target, out, REPLACEMENT.length);
      out += REPLACEMENT.length;
    } else if (codePoint < 0x10000) {
      target[out++] = (byte) (0xe0 | (codePoint >> 12));
      target[out++] = continuation(codePoint >> 6);
      target[out++] = continuation(codePoint);
    } else {
      target[out++] = (byte) (0xf0 | (codePoint >> 18));
      target[out++] = continuation(codePoint >> 12);
      target[out++] = continuation(codePoint >> 6);
      target[out++] = continuation(codePoint);
    }
    return out;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }
}
