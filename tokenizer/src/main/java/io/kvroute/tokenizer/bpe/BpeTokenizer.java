package io.kvroute.tokenizer.bpe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A byte-level BPE tokenizer: gives the ids that the Hugging Face library gives for the same {@code
 * tokenizer.json}, without its special tokens around a text. Covers the pre-tokenizers of GPT-2,
 * cl100k, Llama 3, Qwen, o200k, Tekken, DeepSeek V3 and their kin.
 *
 * <p>A text goes through these steps: it is cut at added tokens; the pieces between them are
 * normalized, cut at the added tokens that are looked for after normalization, and cut into words;
 * a word is looked up among the tokens, then among the words seen before, and else merged from its
 * bytes. A known word costs about 20 ns, another about 50 ns a byte; nothing is allocated for a
 * word.
 *
 * <p>Immutable but for the cache of words; safe for any number of threads.
 */
public final class BpeTokenizer {

  /** What the tokenizer must agree with. */
  public interface Reference {
    /** The ids of a text without special tokens around it. */
    int[] encode(String text);
  }

  private static final int CACHE_BITS = 16;

  private final BpeModel model;
  private final WordScanner scanner;
  private final boolean normalizes;
  private final AddedTokenCuts rawTokens;
  private final AddedTokenCuts normalizedTokens;
  private final Map<Integer, AddedToken> addedById;
  private final WordCache cache = new WordCache(CACHE_BITS);

  private BpeTokenizer(
      BpeModel model,
      WordScanner scanner,
      boolean normalizes,
      AddedTokenCuts rawTokens,
      AddedTokenCuts normalizedTokens,
      Map<Integer, AddedToken> addedById) {
    this.model = model;
    this.scanner = scanner;
    this.normalizes = normalizes;
    this.rawTokens = rawTokens;
    this.normalizedTokens = normalizedTokens;
    this.addedById = addedById;
  }

  /**
   * Reads a tokenizer.
   *
   * @param json the content of {@code tokenizer.json}
   * @param head the same, parsed; vocabulary and merges are not looked at and may be missing
   * @param reference tells the ids of the added tokens
   * @throws UnsupportedTokenizerException if it has a part that is not known to be the same here
   */
  public static BpeTokenizer of(String json, JsonNode head, Reference reference)
      throws UnsupportedTokenizerException {
    JsonNode model = head.path("model");
    requirePlainBpe(model);
    if (!head.path("decoder").path("type").asString("").equals("ByteLevel")) {
      throw new UnsupportedTokenizerException("decoder: " + head.path("decoder"));
    }
    WordScanner scanner = WordScanners.of(head.path("pre_tokenizer"));
    if (scanner == null) {
      throw new UnsupportedTokenizerException("pre_tokenizer: " + head.path("pre_tokenizer"));
    }
    boolean normalizes = normalizes(head.path("normalizer"));
    List<AddedToken> raw = new ArrayList<>();
    List<AddedToken> normalized = new ArrayList<>();
    Map<Integer, AddedToken> byId = new HashMap<>();
    for (AddedToken token : addedTokens(head, reference)) {
      (token.normalized() ? normalized : raw).add(token);
      byId.put(token.id(), token);
    }
    return new BpeTokenizer(
        BpeModelReader.read(json, model.path("ignore_merges").asBoolean(false)),
        scanner,
        normalizes,
        AddedTokenCuts.of(raw, text -> text),
        AddedTokenCuts.of(normalized, text -> normalizes ? Nfc.normalize(text) : text),
        byId);
  }

  private static void requirePlainBpe(JsonNode model) throws UnsupportedTokenizerException {
    boolean plain =
        model.path("type").asString("").equals("BPE")
            && model.path("dropout").asDouble(0) == 0
            && !model.path("byte_fallback").asBoolean(false)
            && model.path("continuing_subword_prefix").asString("").isEmpty()
            && model.path("end_of_word_suffix").asString("").isEmpty();
    if (!plain) {
      throw new UnsupportedTokenizerException("model is not plain byte-level BPE");
    }
  }

  private static boolean normalizes(JsonNode normalizer) throws UnsupportedTokenizerException {
    if (normalizer.isMissingNode() || normalizer.isNull()) {
      return false;
    }
    String type = normalizer.path("type").asString("");
    JsonNode parts = normalizer.path("normalizers");
    if (type.equals("Sequence") && parts.size() < 2) {
      return normalizes(parts.path(0));
    }
    if (type.equals("NFC")) {
      return true;
    }
    throw new UnsupportedTokenizerException("normalizer: " + normalizer);
  }

  private static List<AddedToken> addedTokens(JsonNode head, Reference reference)
      throws UnsupportedTokenizerException {
    List<AddedToken> tokens = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonNode json : head.path("added_tokens")) {
      AddedToken token = AddedToken.of(json);
      if (!token.content().isEmpty()) {
        int[] encoded = reference.encode(token.content());
        if (encoded.length != 1 || !ids.add(encoded[0])) {
          throw new UnsupportedTokenizerException(
              "added token \"" + token.content() + "\" has the ids " + Arrays.toString(encoded));
        }
        tokens.add(token.withId(encoded[0]));
      }
    }
    return tokens;
  }

  /** Adds the ids of a text that holds no lone surrogate. */
  public void encode(String text, IdBuffer out) {
    Merger merger = model.merger();
    rawTokens.encode(
        text, out, (whole, start, end, ids) -> encodePiece(whole, start, end, merger, ids));
  }

  /**
   * Adds the ids of {@code text[start, end)}, which holds no lone surrogate and none of the added
   * tokens that are looked for before normalization.
   */
  public void encodePiece(String text, int start, int end, IdBuffer out) {
    encodePiece(text, start, end, model.merger(), out);
  }

  private void encodePiece(String text, int start, int end, Merger merger, IdBuffer out) {
    String piece = text.substring(start, end);
    if (normalizes && !Nfc.isInert(piece, 0, piece.length())) {
      piece = Nfc.normalize(piece);
    }
    if (normalizedTokens.isEmpty()) {
      encodeWords(piece, merger, out);
    } else {
      normalizedTokens.encode(
          piece,
          out,
          (whole, from, to, ids) -> encodeWords(whole.substring(from, to), merger, ids));
    }
  }

  private void encodeWords(String text, Merger merger, IdBuffer out) {
    byte[] exact = text.getBytes(UTF_8);
    byte[] utf8 = Arrays.copyOf(exact, exact.length + WordHash.PADDING);
    int end;
    for (int start = 0; start < exact.length; start = end) {
      end = scanner.next(utf8, start, exact.length);
      encodeWord(utf8, start, end - start, merger, out);
    }
  }

  private void encodeWord(byte[] utf8, int start, int length, Merger merger, IdBuffer out) {
    long hash = WordHash.of(utf8, start, length);
    int id = model.words().find(utf8, start, length, hash);
    if (id >= 0) {
      out.add(id);
    } else if (!cache.find(utf8, start, length, hash, out)) {
      int from = out.count();
      merger.merge(utf8, start, length, out);
      cache.put(utf8, start, length, hash, out.raw(), from, out.count() - from);
    }
  }

  /** The text of some ids; ids that are no token are left out, bytes not UTF-8 become U+FFFD. */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    Vocabulary vocabulary = model.vocabulary();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      @Nullable AddedToken added = addedById.get(id);
      if (added == null) {
        int length = vocabulary.length(id);
        if (length > 0) {
          bytes.write(vocabulary.bytes(), vocabulary.start(id), length);
        }
      } else if (!added.special() || !skipSpecialTokens) {
        bytes.writeBytes(ByteSymbols.decode(added.content()));
      }
    }
    return bytes.toString(UTF_8);
  }

  /** Forgets the words seen before; not while other threads encode. */
  void clearCache() {
    cache.clear();
  }
}
