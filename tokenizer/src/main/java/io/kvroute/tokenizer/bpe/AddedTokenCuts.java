package io.kvroute.tokenizer.bpe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Cuts a text at added tokens as the Hugging Face library does ({@code
 * AddedVocabulary::find_matches}, tokenizers 0.21). Immutable.
 */
final class AddedTokenCuts {

  /** What encodes the text between added tokens. */
  interface Pieces {
    /** Adds the ids of {@code text[start, end)}, which is not empty. */
    void encode(String text, int start, int end, IdBuffer out);
  }

  private final List<AddedToken> tokens;
  private final AddedTokenFinder finder;

  private AddedTokenCuts(List<AddedToken> tokens) {
    this.tokens = tokens;
    this.finder = new AddedTokenFinder(tokens);
  }

  /**
   * Cuts at some tokens.
   *
   * @param normalizer what the tokens' texts look like in the text to cut
   * @throws UnsupportedTokenizerException if the library's rules for them are not known here
   */
  static AddedTokenCuts of(List<AddedToken> tokens, UnaryOperator<String> normalizer)
      throws UnsupportedTokenizerException {
    boolean strips = tokens.stream().anyMatch(token -> token.leftStrip() || token.rightStrip());
    List<AddedToken> normalized = new ArrayList<>(tokens.size());
    Set<String> texts = new HashSet<>();
    for (AddedToken token : tokens) {
      AddedToken next = token.withContent(normalizer.apply(token.content()));
      if (next.content().isEmpty()
          || !texts.add(next.content())
          || (strips && startsOrEndsWithSpace(next.content()))) {
        throw new UnsupportedTokenizerException("added token \"" + token.content() + '"');
      }
      normalized.add(next);
    }
    return new AddedTokenCuts(normalized);
  }

  private static boolean startsOrEndsWithSpace(String content) {
    return UnicodeClasses.isWhiteSpace(content.codePointAt(0))
        || UnicodeClasses.isWhiteSpace(content.codePointBefore(content.length()));
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  /** Adds the ids of a text: those of its added tokens, and {@code pieces}' between them. */
  void encode(String text, IdBuffer out, Pieces pieces) {
    int pieceStart = 0;
    int from = 0;
    while (!tokens.isEmpty()) {
      long match = finder.find(text, from);
      if (AddedTokenFinder.isNone(match)) {
        break;
      }
      AddedToken token = finder.token(AddedTokenFinder.index(match));
      int start = AddedTokenFinder.start(match);
      from = start + token.content().length();
      if (!token.singleWord() || isSingleWord(text, start, from)) {
        int pieceEnd = token.leftStrip() ? spacesBefore(text, pieceStart, start) : start;
        if (pieceStart < pieceEnd) {
          pieces.encode(text, pieceStart, pieceEnd, out);
        }
        out.add(token.id());
        pieceStart = token.rightStrip() ? spacesAfter(text, from) : from;
      }
    }
    if (pieceStart < text.length()) {
      pieces.encode(text, pieceStart, text.length(), out);
    }
  }

  private static boolean isSingleWord(String text, int start, int end) {
    return (start == 0 || !UnicodeClasses.isWord(text.codePointBefore(start)))
        && (end == text.length() || !UnicodeClasses.isWord(text.codePointAt(end)));
  }

  private static int spacesBefore(String text, int from, int end) {
    int start = end;
    while (start > from && UnicodeClasses.isWhiteSpace(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static int spacesAfter(String text, int start) {
    int end = start;
    while (end < text.length() && UnicodeClasses.isWhiteSpace(text.charAt(end))) {
      end++;
    }
    return end;
  }
}
