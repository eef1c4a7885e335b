package io.kvroute.tokenizer;

import io.kvroute.tokenizer.Tokenizer.Implementation;
import io.kvroute.tokenizer.bpe.BpeTokenizer;
import io.kvroute.tokenizer.bpe.IdBuffer;

/** Our own encoder. Pieces are independent of what stands around them. */
final class BpeEncoder implements TextEncoder {

  /** It is ten times as fast as the library at least; a thread that is new to it is slower. */
  private static final int SPEED_UP = 8;

  private final BpeTokenizer tokenizer;
  private final Affixes affixes;

  /**
   * @param affixes the tokenizer's special tokens around a text
   */
  BpeEncoder(BpeTokenizer tokenizer, Affixes affixes) {
    this.tokenizer = tokenizer;
    this.affixes = affixes;
  }

  @Override
  public Implementation implementation() {
    return Implementation.NATIVE;
  }

  @Override
  public void encode(String text, boolean addSpecialTokens, IdBuffer out) {
    if (addSpecialTokens) {
      out.addAll(affixes.before().raw());
    }
    tokenizer.encode(text, out);
    if (addSpecialTokens) {
      out.addAll(affixes.after().raw());
    }
  }

  @Override
  public void encodePiece(String text, int start, int end, IdBuffer out) {
    tokenizer.encodePiece(text, start, end, out);
  }

  @Override
  public void encodeInside(String text, IdBuffer out) {
    tokenizer.encode(text, out);
  }

  @Override
  public int cost(int chars) {
    return (chars + SPEED_UP - 1) / SPEED_UP;
  }

  @Override
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return tokenizer.decode(ids, skipSpecialTokens);
  }
}
