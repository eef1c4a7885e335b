package io.kvroute.tokenizer;

import io.kvroute.tokenizer.bpe.AddedToken;
import io.kvroute.tokenizer.bpe.AddedTokenFinder;
import io.kvroute.tokenizer.bpe.IdBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Tokenizes a text piece by piece between its added tokens and caches the pieces, so that the next
 * turn of a conversation costs only its new text. Gives exactly the ids of the whole text; {@link
 * Segmentation} says why. Safe for any number of threads.
 */
final class SegmentedTokenizer {

  private static final int CHARS_PER_ID = 2;

  private final TextEncoder encoder;
  private final Segmentation segmentation;
  private final Affixes affixes;
  private final SegmentCache cache;

  SegmentedTokenizer(
      TextEncoder encoder, Segmentation segmentation, Affixes affixes, SegmentCache cache) {
    this.encoder = encoder;
    this.segmentation = segmentation;
    this.affixes = affixes;
    this.cache = cache;
  }

  /**
   * The ids of a text without lone surrogates.
   *
   * @param maxNewChars how many UTF-16 units may be new; if our own encoder encodes them, they
   *     count less, by its speed
   * @return null if more of the text is new
   */
  @Nullable IdBuffer encode(String text, boolean addSpecialTokens, int maxNewChars) {
    IdBuffer out = new IdBuffer(text.length() / CHARS_PER_ID);
    if (addSpecialTokens) {
      out.addAll(affixes.before().raw());
    }
    AddedTokenFinder finder = segmentation.finder();
    int allowance = maxNewChars;
    int pieceStart = 0;
    long match = finder.find(text, 0);
    while (!AddedTokenFinder.isNone(match)) {
      AddedToken token = finder.token(AddedTokenFinder.index(match));
      int start = AddedTokenFinder.start(match);
      int next = start + token.content().length();
      int pieceEnd = token.leftStrip() ? spacesBefore(text, pieceStart, start) : start;
      allowance = addPiece(text, pieceStart, pieceEnd, out, allowance);
      if (allowance < 0) {
        return null;
      }
      out.add(segmentation.ids().get(AddedTokenFinder.index(match)));
      pieceStart = token.rightStrip() ? spacesAfter(text, next) : next;
      match = finder.find(text, next);
    }
    if (addPiece(text, pieceStart, text.length(), out, allowance) < 0) {
      return null;
    }
    if (addSpecialTokens) {
      out.addAll(affixes.after().raw());
    }
    return out;
  }

  /** The ids of a text that follows an added token. The text is not cached. */
  int[] encodeInside(String text) {
    IdBuffer out = new IdBuffer(text.length() / CHARS_PER_ID);
    encoder.encodeInside(text, out);
    return out.from(0);
  }

  /**
   * The last position, at most {@code upTo}, at which the text is certainly split, whatever follows
   * {@code upTo}: a token starts there, or no token can extend beyond {@code upTo}.
   */
  int lastCut(String text, int upTo) {
    AddedTokenFinder finder = segmentation.finder();
    int cut = 0;
    long match = finder.find(text, 0);
    while (!AddedTokenFinder.isNone(match) && AddedTokenFinder.start(match) <= upTo) {
      int start = AddedTokenFinder.start(match);
      int end = start + finder.token(AddedTokenFinder.index(match)).content().length();
      if (start == upTo) {
        return start;
      }
      if (start + finder.longestToken() <= upTo) {
        cut = end;
      }
      match = finder.find(text, end);
    }
    return cut;
  }

  /**
   * Adds the ids of a piece. Returns the remaining allowance; if it is negative, nothing was added.
   */
  private int addPiece(String text, int start, int end, IdBuffer out, int allowance) {
    if (start >= end) {
      return allowance;
    }
    boolean atStart = segmentation.anchor() != null && start == 0;
    SegmentCache.Segment segment = cache.segment(text, start, end, atStart);
    int[] ids = cache.get(segment);
    if (ids != null) {
      out.addAll(ids);
      return allowance;
    }
    int left = allowance - encoder.cost(end - start);
    if (left >= 0) {
      int from = out.count();
      encoder.encodePiece(text, start, end, out);
      cache.put(segment, out.from(from));
    }
    return left;
  }

  private static int spacesBefore(String text, int from, int end) {
    int start = end;
    while (start > from && isRustWhitespace(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static int spacesAfter(String text, int start) {
    int end = start;
    while (end < text.length() && isRustWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Unicode's White_Space property, which Rust's {@code \s} matches. */
  private static boolean isRustWhitespace(char c) {
    return (c >= '\t' && c <= '\r')
        || c == ' '
        || c == '\u0085'
        || c == '\u00a0'
        || c == '\u1680'
        || (c >= '\u2000' && c <= '\u200a')
        || c == '\u2028'
        || c == '\u2029'
        || c == '\u202f'
        || c == '\u205f'
        || c == '\u3000';
  }
}
