package io.kvroute.tokenizer.bpe;

/**
 * GPT-2's expression, the one of {@code ByteLevel}: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|
 * ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}. StarCoder and Cohere put {@code Digits} before it, by
 * which each digit is a text of its own.
 */
final class Gpt2Words extends WordScanner {

  private static final int SYMBOLS =
      ~(UnicodeClasses.L | UnicodeClasses.N | UnicodeClasses.WHITE_SPACE);

  private final boolean singleDigits;

  /** {@code singleDigits}: whether {@code Digits} with {@code individual_digits} comes first. */
  Gpt2Words(boolean singleDigits) {
    this.singleDigits = singleDigits;
  }

  @Override
  int next(byte[] utf8, int start, int end) {
    if (!singleDigits) {
      return word(utf8, start, end);
    }
    if (UnicodeClasses.isNumeric(utf8, start)) {
      return start + UnicodeClasses.length(utf8, start);
    }
    return word(utf8, start, nextDigit(utf8, start, end));
  }

  /** The first digit that has a say in where a word ends; {@code end} if there is none. */
  private static int nextDigit(byte[] utf8, int start, int end) {
    int last =
        Math.max(word(utf8, start, end), endOfRun(utf8, start, end, UnicodeClasses.WHITE_SPACE));
    int at = start;
    while (at <= last && at < end) {
      if (UnicodeClasses.isNumeric(utf8, at)) {
        return at;
      }
      at += UnicodeClasses.length(utf8, at);
    }
    return end;
  }

  private static int word(byte[] utf8, int start, int end) {
    byte first = utf8[start];
    if (first == '\'') {
      int contraction = contraction(utf8, start, end, false);
      if (contraction > start) {
        return contraction;
      }
    }
    int at = first == ' ' && start + 1 < end ? start + 1 : start;
    int type = UnicodeClasses.at(utf8, at);
    if ((type & UnicodeClasses.WHITE_SPACE) != 0) {
      return whiteSpace(utf8, start, end);
    }
    int classes =
        (type & UnicodeClasses.L) != 0
            ? UnicodeClasses.L
            : type == UnicodeClasses.N ? UnicodeClasses.N : SYMBOLS;
    return endOfRun(utf8, at, end, classes);
  }
}
