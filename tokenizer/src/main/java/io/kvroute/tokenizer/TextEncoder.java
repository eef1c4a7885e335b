package io.kvroute.tokenizer;

import io.kvroute.tokenizer.bpe.IdBuffer;

/**
 * What turns text into ids: our own encoder or the Hugging Face library. Texts hold no lone
 * surrogate. Safe for any number of threads.
 */
sealed interface TextEncoder permits BpeEncoder, LibraryEncoder {

  Tokenizer.Implementation implementation();

  /** Adds the ids of a whole text. */
  void encode(String text, boolean addSpecialTokens, IdBuffer out);

  /**
   * Adds the ids of {@code text[start, end)}, a piece of the text that begins or ends where the
   * text or an added token does, as {@link Segmentation} cuts it.
   */
  void encodePiece(String text, int start, int end, IdBuffer out);

  /** Adds the ids of a text that stands behind an added token. */
  void encodeInside(String text, IdBuffer out);

  /** How many characters the library encodes in the time in which this encodes so many. */
  int cost(int chars);

  /** The text of some ids; bytes that are not UTF-8 become U+FFFD. */
  String decode(int[] ids, boolean skipSpecialTokens);
}
