package io.kvroute.tokenizer;

import io.kvroute.tokenizer.Tokenizer.Implementation;
import io.kvroute.tokenizer.bpe.IdBuffer;
import org.jspecify.annotations.Nullable;

/** The Hugging Face library. */
final class LibraryEncoder implements TextEncoder {

  private final LibraryTokenizer tokenizer;
  private final @Nullable String anchor;

  /**
   * @param anchor a token to encode pieces behind that do not start the text; null if pieces may be
   *     encoded by themselves
   */
  LibraryEncoder(LibraryTokenizer tokenizer, @Nullable String anchor) {
    this.tokenizer = tokenizer;
    this.anchor = anchor;
  }

  @Override
  public Implementation implementation() {
    return Implementation.DJL;
  }

  @Override
  public void encode(String text, boolean addSpecialTokens, IdBuffer out) {
    out.addAll(tokenizer.encode(text, addSpecialTokens));
  }

  @Override
  public void encodePiece(String text, int start, int end, IdBuffer out) {
    String piece = text.substring(start, end);
    if (start == 0) {
      out.addAll(tokenizer.encode(piece, false));
    } else {
      encodeInside(piece, out);
    }
  }

  @Override
  public void encodeInside(String text, IdBuffer out) {
    if (anchor == null) {
      out.addAll(tokenizer.encode(text, false));
    } else {
      out.addAll(tokenizer.encode(anchor + text, false), 1);
    }
  }

  @Override
  public int cost(int chars) {
    return chars;
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wide[i] = ids[i];
    }
    return tokenizer.decode(wide, skipSpecialTokens);
  }
}
