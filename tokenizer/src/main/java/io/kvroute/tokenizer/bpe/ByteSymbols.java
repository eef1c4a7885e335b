package io.kvroute.tokenizer.bpe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The printable character that byte-level vocabularies write for each byte (GPT-2, {@code
 * bytes_to_unicode}): itself where it is printable in Latin-1, else U+0100 and up in turn.
 */
final class ByteSymbols {

  private static final short[] BYTE_BY_CHAR = byteByChar();

  private ByteSymbols() {}

  private static short[] byteByChar() {
    short[] bytes = new short[0x144];
    Arrays.fill(bytes, (short) -1);
    int next = 0x100;
    for (int b = 0; b < 0x100; b++) {
      boolean printable = (b > ' ' && b < 0x7f) || (b > 0xa0 && b != 0xad);
      bytes[printable ? b : next++] = (short) b;
    }
    return bytes;
  }

  /** The byte that the character stands for; -1 if it stands for none. */
  static int byteOf(char c) {
    return c < BYTE_BY_CHAR.length ? BYTE_BY_CHAR[c] : -1;
  }

  /** Whether all characters stand for bytes. */
  static boolean areBytes(String token) {
    for (int i = 0; i < token.length(); i++) {
      if (byteOf(token.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The bytes that a token stands for; its text in UTF-8 if not all of it stands for bytes. */
  static byte[] decode(String token) {
    if (!areBytes(token)) {
      return token.getBytes(UTF_8);
    }
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) byteOf(token.charAt(i));
    }
    return bytes;
  }
}
