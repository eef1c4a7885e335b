package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptException.Stage;
import io.kvroute.tokenizer.bpe.BpeTokenizer;
import io.kvroute.tokenizer.bpe.IdBuffer;
import io.kvroute.tokenizer.bpe.UnsupportedTokenizerException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts text to token ids and back, as the tokenizer of the model does. Truncates nothing, and
 * adds special tokens only on request. Safe for any number of threads; only its cache changes. New
 * text costs about 50 ns per token if our own encoder encodes it, 3 µs if the library does; text
 * seen before costs about 10 ns per token.
 */
public final class Tokenizer {

  /** Which code encodes. */
  public enum Implementation {
    /** Our own encoder, {@link BpeTokenizer}, proven equal to the library for this tokenizer. */
    NATIVE,
    /** The Hugging Face library, through DJL's binding. */
    DJL;

    /** As {@code /replicas} shows it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Tokenizer.class);
  private static final int CHARS_PER_ID = 2;

  private final TextEncoder encoder;
  private final @Nullable SegmentedTokenizer segmented;

  /**
   * @param cacheBytes maximum size of the cache of text pieces; 0 for no cache
   */
  Tokenizer(TokenizerJson json, long cacheBytes) {
    LibraryTokenizer library = new LibraryTokenizer(json.text());
    Affixes affixes = Affixes.of(library);
    Segmentation segmentation =
        affixes == null || cacheBytes == 0 ? null : Segmentation.of(json, library);
    BpeTokenizer own = affixes == null ? null : ownEncoder(json, library);
    if (affixes == null || own == null) {
      encoder = new LibraryEncoder(library, segmentation == null ? null : segmentation.anchor());
    } else {
      encoder = new BpeEncoder(own, affixes);
      library.free();
    }
    segmented =
        affixes == null || segmentation == null
            ? null
            : new SegmentedTokenizer(encoder, segmentation, affixes, new SegmentCache(cacheBytes));
  }

  /** Null where the library must encode; the log says why. */
  private static @Nullable BpeTokenizer ownEncoder(TokenizerJson json, LibraryTokenizer library) {
    try {
      BpeTokenizer own =
          BpeTokenizer.of(json.text(), json.head(), text -> library.encode(text, false));
      String difference = new EncoderCheck(library, own, json.addedTokens()).difference();
      if (difference == null) {
        return own;
      }
      log.warn(
          "the Hugging Face library encodes, for our own encoder gives other ids for: {}",
          difference);
    } catch (UnsupportedTokenizerException e) {
      log.info("the Hugging Face library encodes: {}", e.getMessage());
    }
    return null;
  }

  public Implementation implementation() {
    return encoder.implementation();
  }

  /** Whether pieces of text are cached: proven correct for this tokenizer, and not turned off. */
  public boolean remembersPieces() {
    return segmented != null;
  }

  /**
   * The ids of a text.
   *
   * @param addSpecialTokens whether to add the start and end tokens of the model, as for {@code
   *     /v1/completions}; chat templates contain them already
   * @throws PromptException of stage tokenize, if the text holds a lone surrogate
   */
  public int[] encode(String text, boolean addSpecialTokens) throws PromptException {
    return encodePrompt(text, addSpecialTokens).ids();
  }

  EncodedPrompt encodePrompt(String text, boolean addSpecialTokens) throws PromptException {
    refuseLoneSurrogates(text);
    IdBuffer pieces =
        segmented == null ? null : segmented.encode(text, addSpecialTokens, Integer.MAX_VALUE);
    if (pieces == null) {
      IdBuffer ids = new IdBuffer(text.length() / CHARS_PER_ID);
      encoder.encode(text, addSpecialTokens, ids);
      return new EncodedPrompt(ids.raw(), ids.count());
    }
    return new EncodedPrompt(pieces.raw(), pieces.count());
  }

  /**
   * The ids of a text of which at most {@code maxNewChars} UTF-16 units are new. Units that our own
   * encoder encodes count less, by its speed.
   *
   * @return null if more of the text is new
   * @throws PromptException of stage tokenize, if the text holds a lone surrogate
   */
  @Nullable EncodedPrompt encodeIfMostlyKnown(
      String text, boolean addSpecialTokens, int maxNewChars) throws PromptException {
    if (segmented == null && encoder.cost(text.length()) > maxNewChars) {
      return null;
    }
    refuseLoneSurrogates(text);
    if (segmented == null) {
      return encodePrompt(text, addSpecialTokens);
    }
    IdBuffer pieces = segmented.encode(text, addSpecialTokens, maxNewChars);
    return pieces == null ? null : new EncodedPrompt(pieces.raw(), pieces.count());
  }

  /**
   * The ids of a text that follows an added token; null if pieces cannot be encoded on their own,
   * or if the text contains U+FFFD, which stands for bytes that are not known.
   */
  int @Nullable [] encodeInside(String text) {
    return segmented == null || text.indexOf('\ufffd') >= 0 || loneSurrogate(text) >= 0
        ? null
        : segmented.encodeInside(text);
  }

  /**
   * How many leading ids stay the same whatever follows the first {@code chars} UTF-16 units.
   *
   * @throws PromptException of stage tokenize, if the text holds a lone surrogate
   */
  int stableIds(String text, int chars) throws PromptException {
    if (segmented == null) {
      return 0;
    }
    return encodePrompt(text.substring(0, segmented.lastCut(text, chars)), false).count();
  }

  /** Decodes ids to text. Bytes that are not UTF-8 become U+FFFD. */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return encoder.decode(ids, skipSpecialTokens);
  }

  private static void refuseLoneSurrogates(String text) throws PromptException {
    int at = loneSurrogate(text);
    if (at >= 0) {
      throw new PromptException(
          Stage.TOKENIZE,
          "the prompt holds a lone surrogate at character " + at + " (expected: Unicode text)");
    }
  }

  /** Where the first one stands; -1 if there is none. */
  private static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
