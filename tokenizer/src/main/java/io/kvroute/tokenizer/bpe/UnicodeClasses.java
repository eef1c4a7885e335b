package io.kvroute.tokenizer.bpe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the Hugging Face library's regular expressions and normalizers know about each code point,
 * whatever Unicode version the JDK has. The table was made by asking the library about every code
 * point: Oniguruma for the classes (Unicode 16), Rust's {@code regex} for word characters, {@code
 * unicode-normalization-alignments} for NFC (Unicode 9).
 *
 * <p>A class is one bit, so that a set of classes is a mask. The table has two stages: blocks of
 * 128 code points, of which equal ones are stored once.
 */
final class UnicodeClasses {

  static final int LU = 1;
  static final int LT = 1 << 1;
  static final int LL = 1 << 2;
  static final int LM = 1 << 3;
  static final int LO = 1 << 4;
  static final int M = 1 << 5;
  static final int N = 1 << 6;
  static final int P = 1 << 7;
  static final int S = 1 << 8;

  /** White space but for line feed and carriage return. */
  static final int SPACE = 1 << 9;

  /** Line feed and carriage return. */
  static final int NEWLINE = 1 << 10;

  static final int OTHER = 1 << 11;

  static final int L = LU | LT | LL | LM | LO;
  static final int WHITE_SPACE = SPACE | NEWLINE;

  private static final int CLASS_BITS = 4;
  private static final int CLASS = (1 << CLASS_BITS) - 1;
  private static final int WORD = 1 << 4;
  private static final int NFC_REACTS = 1 << 5;
  private static final int NFC_STARTER = 1 << 6;
  private static final int NUMERIC = 1 << 7;

  private static final int BLOCK_BITS = 7;
  private static final int BLOCK = 1 << BLOCK_BITS;
  private static final int CODE_POINTS = Character.MAX_CODE_POINT + 1;
  private static final String[] NAMES = {
    "Lu", "Lt", "Ll", "Lm", "Lo", "M", "N", "P", "S", "Z", "", "C"
  };

  private static final short[] BLOCKS = new short[CODE_POINTS >>> BLOCK_BITS];
  private static final byte[] ENTRIES = load();
  private static final short[] ASCII = ascii();

  private UnicodeClasses() {}

  private static byte[] load() {
    byte[] all = read();
    all['\n'] = all['\r'] = (byte) Integer.numberOfTrailingZeros(NEWLINE);
    byte[] entries = new byte[0];
    for (int block = 0; block < BLOCKS.length; block++) {
      byte[] own = Arrays.copyOfRange(all, block << BLOCK_BITS, (block + 1) << BLOCK_BITS);
      int at = 0;
      while (at < entries.length && !Arrays.equals(own, 0, BLOCK, entries, at, at + BLOCK)) {
        at += BLOCK;
      }
      if (at == entries.length) {
        entries = Arrays.copyOf(entries, at + BLOCK);
        System.arraycopy(own, 0, entries, at, BLOCK);
      }
      BLOCKS[block] = (short) (at >>> BLOCK_BITS);
    }
    return entries;
  }

  private static byte[] read() {
    byte[] all = new byte[CODE_POINTS];
    try (InputStream in =
            Objects.requireNonNull(
                UnicodeClasses.class.getResourceAsStream("unicode-classes.txt"));
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          int space = line.indexOf(' ');
          int start = Integer.parseInt(line, 0, space, 16);
          Arrays.fill(all, start, CODE_POINTS, entry(line.substring(space + 1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static byte entry(String description) {
    int nameEnd = description.startsWith("L") ? 2 : 1;
    int entry = Arrays.asList(NAMES).indexOf(description.substring(0, nameEnd));
    for (int i = nameEnd; i < description.length(); i++) {
      entry |=
          switch (description.charAt(i)) {
            case 'w' -> WORD;
            case 'n' -> NFC_REACTS;
            case 'f' -> NFC_STARTER;
            case 'd' -> NUMERIC;
            default -> throw new IllegalStateException(description);
          };
    }
    return (byte) entry;
  }

  private static short[] ascii() {
    short[] ascii = new short[0x80];
    for (int c = 0; c < ascii.length; c++) {
      ascii[c] = (short) ofCodePoint(c);
    }
    return ascii;
  }

  private static int lookUp(int codePoint) {
    int block = BLOCKS[codePoint >>> BLOCK_BITS];
    return ENTRIES[(block << BLOCK_BITS) + (codePoint & (BLOCK - 1))];
  }

  /** The class of a code point. */
  static int ofCodePoint(int codePoint) {
    return 1 << (lookUp(codePoint) & CLASS);
  }

  /** The class of the code point whose UTF-8 starts at {@code at}. */
  static int at(byte[] utf8, int at) {
    int first = utf8[at];
    return first >= 0 ? ASCII[first] : ofCodePoint(codePoint(utf8, at));
  }

  /** The class of an ASCII character. */
  static int ofAscii(int c) {
    return ASCII[c];
  }

  /** The code point whose UTF-8, of more than one byte, starts at {@code at}. */
  static int codePoint(byte[] utf8, int at) {
    int first = utf8[at] & 0xff;
    if (first < 0xe0) {
      return (first & 0x1f) << 6 | (utf8[at + 1] & 0x3f);
    }
    if (first < 0xf0) {
      return (first & 0xf) << 12 | (utf8[at + 1] & 0x3f) << 6 | (utf8[at + 2] & 0x3f);
    }
    return (first & 7) << 18
        | (utf8[at + 1] & 0x3f) << 12
        | (utf8[at + 2] & 0x3f) << 6
        | (utf8[at + 3] & 0x3f);
  }

  /** The bytes of the code point whose UTF-8 starts at {@code at}. */
  static int length(byte[] utf8, int at) {
    int first = utf8[at];
    return first >= 0 ? 1 : first < (byte) 0xe0 ? 2 : first < (byte) 0xf0 ? 3 : 4;
  }

  /** What Rust's {@code \w} matches. */
  static boolean isWord(int codePoint) {
    return (lookUp(codePoint) & WORD) != 0;
  }

  /** What {@code \s} matches. */
  static boolean isWhiteSpace(int codePoint) {
    return (ofCodePoint(codePoint) & WHITE_SPACE) != 0;
  }

  /** What Rust's {@code char::is_numeric} says. */
  static boolean isNumeric(byte[] utf8, int at) {
    int first = utf8[at];
    if (first >= 0) {
      return ASCII[first] == N;
    }
    int entry = lookUp(codePoint(utf8, at));
    return (entry & CLASS) == Integer.numberOfTrailingZeros(N) || (entry & NUMERIC) != 0;
  }

  /** Whether NFC may change the code point itself, or join it with, or move it before, another. */
  static boolean reactsToNfc(int codePoint) {
    return codePoint >= 0x300 && (lookUp(codePoint) & NFC_REACTS) != 0;
  }

  /** Whether NFC may join the code point, which does not react itself, with what follows it. */
  static boolean joinsInNfc(int codePoint) {
    return (lookUp(codePoint) & NFC_STARTER) != 0
        || (codePoint >= 0xac00 && codePoint <= 0xd7a3); // Hangul syllables
  }
}
