package io.kvroute.tokenizer;

import io.kvroute.tokenizer.bpe.AddedToken;
import io.kvroute.tokenizer.bpe.AddedTokenFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Decides whether, and how, the ids of a text can be assembled from the ids of its parts.
 *
 * <p>The Hugging Face library first splits a text at its added tokens, and then normalizes,
 * pre-tokenizes and encodes each piece on its own ({@code AddedVocabulary::extract_and_normalize},
 * {@code Tokenizer::do_pre_tokenize}, tokenizers 0.20 to 0.23). The ids of a piece therefore depend
 * on nothing outside the piece, with these exceptions:
 *
 * <ul>
 *   <li>{@code Metaspace} with {@code prepend_scheme: first} treats the piece at the start of the
 *       text differently. Other pieces are encoded after an anchor token, whose id is removed
 *       again.
 *   <li>Tokens that match only as whole words look at the text around them. Such texts are not
 *       split.
 *   <li>Tokens that consume white space move the split positions, as their flags say.
 *   <li>Dropout makes ids random, and unknown components may do anything. Such texts are not split.
 * </ul>
 *
 * @param finder finds the tokens at which the library splits before it normalizes
 * @param ids the id of each of these tokens
 * @param anchor a token after which pieces must be encoded; null if pieces can be encoded alone
 */
record Segmentation(AddedTokenFinder finder, List<Integer> ids, @Nullable String anchor) {

  private static final Set<String> NORMALIZERS =
      Set.of(
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Lowercase",
          "Prepend",
          "Replace",
          "Strip",
          "StripAccents",
          "Nmt",
          "Precompiled",
          "BertNormalizer",
          "ByteLevel");

  private static final Set<String> PRE_TOKENIZERS =
      Set.of(
          "Split",
          "ByteLevel",
          "Digits",
          "Punctuation",
          "Whitespace",
          "WhitespaceSplit",
          "BertPreTokenizer",
          "CharDelimiterSplit",
          "UnicodeScripts",
          "Metaspace");

  private static final Set<String> MODELS = Set.of("BPE", "Unigram", "WordPiece", "WordLevel");

  /** The segmentation for this tokenizer; null if its pieces are not proven to be independent. */
  static @Nullable Segmentation of(TokenizerJson json, LibraryTokenizer tokenizer) {
    List<AddedToken> cuts =
        json.addedTokens().stream()
            .filter(token -> !token.normalized() && !token.content().isEmpty())
            .toList();
    if (cuts.isEmpty() || !piecesAreIndependent(json, cuts)) {
      return null;
    }
    List<Integer> ids = new ArrayList<>(cuts.size());
    String anchor = null;
    for (AddedToken token : cuts) {
      int[] encoded = tokenizer.encode(token.content(), false);
      if (encoded.length != 1) {
        return null;
      }
      ids.add(encoded[0]);
      if (anchor == null && !token.leftStrip() && !token.rightStrip()) {
        anchor = token.content();
      }
    }
    boolean needsAnchor = treatsStartSpecially(json.preTokenizer());
    if (needsAnchor && anchor == null) {
      return null;
    }
    return new Segmentation(new AddedTokenFinder(cuts), ids, needsAnchor ? anchor : null);
  }

  private static boolean piecesAreIndependent(TokenizerJson json, List<AddedToken> cuts) {
    boolean strips = cuts.stream().anyMatch(token -> token.leftStrip() || token.rightStrip());
    for (AddedToken token : cuts) {
      if (token.singleWord() || (strips && startsOrEndsWithSpace(token.content()))) {
        return false;
      }
    }
    return allKnown(json.normalizer(), "normalizers", NORMALIZERS)
        && allKnown(json.preTokenizer(), "pretokenizers", PRE_TOKENIZERS)
        && MODELS.contains(json.model().path("type").asString("BPE"))
        && json.model().path("dropout").asDouble(0) == 0;
  }

  private static boolean startsOrEndsWithSpace(String content) {
    return Character.isWhitespace(content.charAt(0))
        || Character.isWhitespace(content.charAt(content.length() - 1));
  }

  private static boolean allKnown(JsonNode part, String inner, Set<String> known) {
    if (part.isMissingNode() || part.isNull()) {
      return true;
    }
    String type = part.path("type").asString("");
    if (!type.equals("Sequence")) {
      return known.contains(type);
    }
    for (JsonNode each : part.path(inner)) {
      if (!allKnown(each, inner, known)) {
        return false;
      }
    }
    return true;
  }

  private static boolean treatsStartSpecially(JsonNode preTokenizer) {
    if (preTokenizer.path("prepend_scheme").asString("").equals("first")) {
      return true;
    }
    for (JsonNode each : preTokenizer.path("pretokenizers")) {
      if (treatsStartSpecially(each)) {
        return true;
      }
    }
    return false;
  }
}
