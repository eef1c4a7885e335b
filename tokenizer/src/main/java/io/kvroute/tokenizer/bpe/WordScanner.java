package io.kvroute.tokenizer.bpe;

/**
 * A pre-tokenizer's regular expression, written out by hand: cuts UTF-8 text into the words that
 * BPE encodes one by one. Immutable.
 *
 * <p>All expressions end in {@code \s*[\r\n]+|\s+(?!\S)|\s+} or the last two of these; what this
 * class has is shared by them.
 */
abstract class WordScanner {

  /**
   * Where the word ends that starts at {@code start}; words lie side by side from the start of a
   * text to its end.
   *
   * @param end where the text ends, behind {@code start}
   */
  abstract int next(byte[] utf8, int start, int end);

  /** The end of the longest run of the given classes. */
  static int endOfRun(byte[] utf8, int start, int end, int classes) {
    int at = start;
    while (at < end && (UnicodeClasses.at(utf8, at) & classes) != 0) {
      at += UnicodeClasses.length(utf8, at);
    }
    return at;
  }

  /** {@code \s+(?!\S)|\s+} at white space. */
  static int whiteSpace(byte[] utf8, int start, int end) {
    return whiteSpace(utf8, start, endOfRun(utf8, start, end, UnicodeClasses.WHITE_SPACE), end);
  }

  /** {@code \s*[\r\n]+|\s+(?!\S)|\s+} at white space. */
  static int lineEndsOrWhiteSpace(byte[] utf8, int start, int end) {
    int runEnd = endOfRun(utf8, start, end, UnicodeClasses.WHITE_SPACE);
    for (int at = runEnd - 1; at >= start; at--) {
      if (isLineEnd(utf8[at])) {
        return at + 1;
      }
    }
    return whiteSpace(utf8, start, runEnd, end);
  }

  private static int whiteSpace(byte[] utf8, int start, int runEnd, int end) {
    if (runEnd == end) {
      return runEnd;
    }
    int last = runEnd - 1;
    while ((utf8[last] & 0xc0) == 0x80) {
      last--;
    }
    return last > start ? last : runEnd;
  }

  static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  /**
   * {@code 's|'t|'re|'ve|'m|'ll|'d} at an apostrophe.
   *
   * @param anyCase for {@code (?i:…)}, by which the long s (U+017F) is an s too
   * @return {@code start} if there is no match
   */
  static int contraction(byte[] utf8, int start, int end, boolean anyCase) {
    int left = end - start;
    if (left < 2) {
      return start;
    }
    int first = letter(utf8[start + 1], anyCase);
    int second = left < 3 ? 0 : letter(utf8[start + 2], anyCase);
    return switch (first) {
      case 's', 't', 'm', 'd' -> start + 2;
      case 'r', 'v' -> second == 'e' ? start + 3 : start;
      case 'l' -> second == 'l' ? start + 3 : start;
      default ->
          anyCase && left > 2 && utf8[start + 1] == (byte) 0xc5 && utf8[start + 2] == (byte) 0xbf
              ? start + 3
              : start;
    };
  }

  private static int letter(byte b, boolean anyCase) {
    return anyCase && b >= 'A' && b <= 'Z' ? b + 'a' - 'A' : b;
  }

  /** At most {@code max} numbers. */
  static int numbers(byte[] utf8, int start, int end, int max) {
    int at = start;
    for (int i = 0; i < max && at < end && UnicodeClasses.at(utf8, at) == UnicodeClasses.N; i++) {
      at += UnicodeClasses.length(utf8, at);
    }
    return at;
  }
}
