package io.kvroute.tokenizer.bpe;

/**
 * The expression of o200k, gpt-oss, Llama 4 and Tekken (Mistral-Nemo), with {@code U} for {@code
 * \p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}} and {@code W} for {@code \p{Ll}\p{Lm}\p{Lo}\p{M}}: {@code
 * [^\r\n\p{L}\p{N}]?[U]*[W]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|
 * [^\r\n\p{L}\p{N}]?[U]+[W]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+}. Tekken has no contractions and takes single
 * digits.
 */
final class O200kWords extends WordScanner {

  private static final int BOTH = UnicodeClasses.LM | UnicodeClasses.LO | UnicodeClasses.M;
  private static final int UPPER = UnicodeClasses.LU | UnicodeClasses.LT | BOTH;
  private static final int LOWER = UnicodeClasses.LL | BOTH;
  private static final int SYMBOLS =
      ~(UnicodeClasses.L | UnicodeClasses.N | UnicodeClasses.WHITE_SPACE);

  private final boolean contractions;
  private final int maxDigits;

  /**
   * @param contractions whether they belong to the word before them
   * @param maxDigits how many digits make a word
   */
  O200kWords(boolean contractions, int maxDigits) {
    this.contractions = contractions;
    this.maxDigits = maxDigits;
  }

  @Override
  int next(byte[] utf8, int start, int end) {
    int type = UnicodeClasses.at(utf8, start);
    int second = start + UnicodeClasses.length(utf8, start);
    if (type == UnicodeClasses.N) {
      return numbers(utf8, second, end, maxDigits - 1);
    }
    if (type != UnicodeClasses.NEWLINE) {
      boolean letter = (type & UnicodeClasses.L) != 0;
      int word = letters(utf8, letter ? start : second, end, type == UnicodeClasses.M);
      if (word > 0) {
        return contractions && word < end && utf8[word] == '\''
            ? contraction(utf8, word, end, true)
            : word;
      }
    }
    int symbolsStart = utf8[start] == ' ' ? second : start;
    int at = endOfRun(utf8, symbolsStart, end, SYMBOLS);
    if (at == symbolsStart) {
      return lineEndsOrWhiteSpace(utf8, start, end);
    }
    while (at < end && (isLineEnd(utf8[at]) || utf8[at] == '/')) {
      at++;
    }
    return at;
  }

  /**
   * {@code [U]*[W]+|[U]+[W]*}, the first alternative being tried with and without the optional
   * character before the second is.
   *
   * @param afterMark whether the optional character is a mark, which alone would do
   * @return the word's end; 0 if there is no match
   */
  private static int letters(byte[] utf8, int start, int end, boolean afterMark) {
    int at = start;
    int afterLastOfBoth = 0;
    while (at < end) {
      int type = UnicodeClasses.at(utf8, at);
      if ((type & UPPER) == 0) {
        break;
      }
      at += UnicodeClasses.length(utf8, at);
      if ((type & BOTH) != 0) {
        afterLastOfBoth = at;
      }
    }
    int lowerEnd = endOfRun(utf8, at, end, LOWER);
    if (lowerEnd > at) {
      return lowerEnd;
    }
    if (afterLastOfBoth > 0) {
      return afterLastOfBoth;
    }
    return afterMark ? start : at > start ? at : 0;
  }
}
