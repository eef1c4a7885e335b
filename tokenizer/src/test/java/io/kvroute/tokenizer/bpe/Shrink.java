package io.kvroute.tokenizer.bpe;

import java.util.function.Predicate;

/** Finds a short text that fails, in one that does. */
final class Shrink {

  private Shrink() {}

  static String text(String failing, Predicate<String> fails) {
    String text = failing;
    for (int length = text.length() / 2; length > 0; length = length > 1 ? length / 2 : 0) {
      int at = 0;
      while (at + length <= text.length()) {
        String shorter = text.substring(0, at) + text.substring(at + length);
        if (isUnicode(shorter) && fails.test(shorter)) {
          text = shorter;
        } else {
          at += length;
        }
      }
    }
    return text;
  }

  private static boolean isUnicode(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
