package io.kvroute.tokenizer.bpe;

/**
 * The expression of cl100k, Llama 3, Qwen and GLM: {@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}. Qwen takes single digits; Qwen 3.5 counts
 * marks among the letters.
 */
final class Cl100kWords extends WordScanner {

  private final int letters;
  private final int symbols;
  private final int maxDigits;

  /**
   * @param letters the classes of a word's letters
   * @param maxDigits how many digits make a word
   */
  Cl100kWords(int letters, int maxDigits) {
    this.letters = letters;
    this.symbols = ~(letters | UnicodeClasses.N | UnicodeClasses.WHITE_SPACE);
    this.maxDigits = maxDigits;
  }

  @Override
  int next(byte[] utf8, int start, int end) {
    byte first = utf8[start];
    if (first == '\'') {
      int contraction = contraction(utf8, start, end, true);
      if (contraction > start) {
        return contraction;
      }
    }
    int type = UnicodeClasses.at(utf8, start);
    int second = start + UnicodeClasses.length(utf8, start);
    if ((type & letters) != 0) {
      return endOfRun(utf8, second, end, letters);
    }
    if (type == UnicodeClasses.N) {
      return numbers(utf8, second, end, maxDigits - 1);
    }
    if (type != UnicodeClasses.NEWLINE && second < end) {
      int lettersEnd = endOfRun(utf8, second, end, letters);
      if (lettersEnd > second) {
        return lettersEnd;
      }
    }
    int symbolsStart = first == ' ' ? second : start;
    int at = endOfRun(utf8, symbolsStart, end, symbols);
    if (at == symbolsStart) {
      return lineEndsOrWhiteSpace(utf8, start, end);
    }
    while (at < end && isLineEnd(utf8[at])) {
      at++;
    }
    return at;
  }
}
