package io.kvroute.tokenizer.bpe;

/**
 * DeepSeek V3's three expressions, each of which cuts what the one before it left: {@code
 * \p{N}{1,3}}, then {@code [一-龥぀-ゟ゠-ヿ]+}, then {@code
 * [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|
 * ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}. What the last one does not match (control
 * characters, say) stands between two matches as a word of its own.
 *
 * <p>The first two leave runs of numbers, of Chinese or Japanese, and of other text; so the third
 * ends wherever the kind of text changes.
 */
final class DeepSeekWords extends WordScanner {

  private static final int MAX_DIGITS = 3;
  private static final int WORD = UnicodeClasses.L | UnicodeClasses.M;
  private static final int SYMBOL = UnicodeClasses.P | UnicodeClasses.S;

  @Override
  int next(byte[] utf8, int start, int end) {
    int type = UnicodeClasses.at(utf8, start);
    if (type == UnicodeClasses.N) {
      return numbers(utf8, start, end, MAX_DIGITS);
    }
    boolean cjk = isCjk(utf8, start);
    int second = start + UnicodeClasses.length(utf8, start);
    if ((type & WORD) != 0) {
      return endOfRun(utf8, second, end, WORD, cjk);
    }
    if ((type & SYMBOL) != 0 && utf8[start] > 0 && second < end && isAsciiLetter(utf8[second])) {
      int at = second;
      while (at < end && isAsciiLetter(utf8[at])) {
        at++;
      }
      return at;
    }
    if ((type & (UnicodeClasses.SPACE | UnicodeClasses.OTHER)) != 0) {
      int word = endOfRun(utf8, second, end, WORD, cjk);
      if (word > second) {
        return word;
      }
    }
    int symbolsStart = utf8[start] == ' ' ? second : start;
    int at = endOfRun(utf8, symbolsStart, end, SYMBOL, cjk);
    if (at > symbolsStart) {
      return cjk ? at : lineEnds(utf8, at, end);
    }
    return type == UnicodeClasses.OTHER
        ? endOfUnmatched(utf8, second, end, cjk)
        : lineEndsOrWhiteSpace(utf8, start, endOfText(utf8, start, end));
  }

  private static int endOfRun(byte[] utf8, int start, int end, int classes, boolean cjk) {
    int at = start;
    while (at < end && (UnicodeClasses.at(utf8, at) & classes) != 0 && isCjk(utf8, at) == cjk) {
      at += UnicodeClasses.length(utf8, at);
    }
    return at;
  }

  private static int lineEnds(byte[] utf8, int start, int end) {
    int at = start;
    while (at < end && isLineEnd(utf8[at])) {
      at++;
    }
    return at;
  }

  /** Stops before a character that begins a match. */
  private static int endOfUnmatched(byte[] utf8, int start, int end, boolean cjk) {
    int at = start;
    while (at < end
        && UnicodeClasses.at(utf8, at) == UnicodeClasses.OTHER
        && isCjk(utf8, at) == cjk) {
      int next = at + UnicodeClasses.length(utf8, at);
      if (endOfRun(utf8, next, end, WORD, cjk) > next) {
        break;
      }
      at = next;
    }
    return at;
  }

  /** White space at {@code start} ends the text of its kind where a number or Chinese follows. */
  private static int endOfText(byte[] utf8, int start, int end) {
    int at = endOfRun(utf8, start, end, UnicodeClasses.WHITE_SPACE);
    return at < end && (UnicodeClasses.at(utf8, at) == UnicodeClasses.N || isCjk(utf8, at))
        ? at
        : end;
  }

  private static boolean isAsciiLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private static boolean isCjk(byte[] utf8, int at) {
    byte first = utf8[at];
    if (first < (byte) 0xe3 || first > (byte) 0xe9) {
      return false;
    }
    int codePoint = UnicodeClasses.codePoint(utf8, at);
    return (codePoint >= 0x4e00 && codePoint <= 0x9fa5)
        || (codePoint >= 0x3040 && codePoint <= 0x30ff);
  }
}
