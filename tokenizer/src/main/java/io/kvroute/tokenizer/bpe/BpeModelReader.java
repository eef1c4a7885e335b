package io.kvroute.tokenizer.bpe;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads {@code model.vocab} and {@code model.merges} of a {@code tokenizer.json} from a stream of
 * JSON tokens, for they have hundreds of thousands of entries.
 */
final class BpeModelReader {

  private final boolean ignoreMerges;
  private final BitSet byteTokens = new BitSet();
  private @Nullable Vocabulary vocabulary;
  private @Nullable WordTable tokens;
  private @Nullable Merges merges;

  private BpeModelReader(boolean ignoreMerges) {
    this.ignoreMerges = ignoreMerges;
  }

  /**
   * The model of a tokenizer.
   *
   * @param json the content of {@code tokenizer.json}, which is valid
   * @param ignoreMerges the model's {@code ignore_merges}
   */
  static BpeModel read(String json, boolean ignoreMerges) throws UnsupportedTokenizerException {
    BpeModelReader reader = new BpeModelReader(ignoreMerges);
    try (JsonParser parser =
        JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .build()
            .createParser(ObjectReadContext.empty(), json)) {
      parser.nextToken();
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        parser.nextToken();
        if (name.equals("model")) {
          reader.readModel(parser);
        } else {
          parser.skipChildren();
        }
      }
    }
    return reader.model();
  }

  private void readModel(JsonParser parser) throws UnsupportedTokenizerException {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      switch (name) {
        case "vocab" -> readVocabulary(parser);
        case "merges" -> readMerges(parser);
        default -> parser.skipChildren();
      }
    }
  }

  private void readVocabulary(JsonParser parser) throws UnsupportedTokenizerException {
    Vocabulary.Builder builder = new Vocabulary.Builder();
    BitSet seen = new BitSet();
    for (String token = parser.nextName(); token != null; token = parser.nextName()) {
      parser.nextToken();
      int id = parser.getIntValue();
      if (id < 0 || id >= 1 << Vocabulary.ID_BITS || seen.get(id)) {
        throw new UnsupportedTokenizerException("vocab: id " + id);
      }
      seen.set(id);
      builder.add(id, ByteSymbols.decode(token));
      if (!token.isEmpty() && ByteSymbols.areBytes(token)) {
        byteTokens.set(id);
      }
    }
    vocabulary = builder.build();
    tokens = new WordTable(vocabulary, byteTokens);
  }

  private void readMerges(JsonParser parser) throws UnsupportedTokenizerException {
    int[] lefts = new int[1 << 18];
    int[] rights = new int[1 << 18];
    int[] merged = new int[1 << 18];
    int count = 0;
    for (JsonToken at = parser.nextToken(); at != JsonToken.END_ARRAY; at = parser.nextToken()) {
      if (count == merged.length) {
        lefts = Arrays.copyOf(lefts, 2 * count);
        rights = Arrays.copyOf(rights, 2 * count);
        merged = Arrays.copyOf(merged, 2 * count);
      }
      String left;
      String right;
      if (at == JsonToken.START_ARRAY) {
        parser.nextToken();
        left = parser.getString();
        parser.nextToken();
        right = parser.getString();
        parser.nextToken();
      } else {
        String both = parser.getString();
        int space = both.indexOf(' ');
        left = both.substring(0, Math.max(0, space));
        right = both.substring(space + 1);
      }
      lefts[count] = id(left);
      rights[count] = id(right);
      merged[count++] = id(left + right);
    }
    if (count >= 1 << Vocabulary.ID_BITS) {
      throw new UnsupportedTokenizerException("merges: " + count);
    }
    merges = new Merges(lefts, rights, Arrays.copyOf(merged, count));
  }

  private int id(String token) throws UnsupportedTokenizerException {
    if (!ByteSymbols.areBytes(token)) {
      throw new UnsupportedTokenizerException("merges: \"" + token + "\" stands for no bytes");
    }
    int id = tokens == null ? -1 : find(tokens, ByteSymbols.decode(token));
    if (id < 0) {
      throw new UnsupportedTokenizerException("merges: \"" + token + "\" is not in vocab");
    }
    return id;
  }

  private static int find(WordTable tokens, byte[] token) {
    byte[] padded = Arrays.copyOf(token, token.length + WordHash.PADDING);
    return token.length == 0
        ? -1
        : tokens.find(padded, 0, token.length, WordHash.of(padded, 0, token.length));
  }

  private BpeModel model() throws UnsupportedTokenizerException {
    if (vocabulary == null || tokens == null || merges == null) {
      throw new UnsupportedTokenizerException("no vocab or no merges");
    }
    int[] byteIds = new int[0x100];
    for (int b = 0; b < byteIds.length; b++) {
      byteIds[b] = find(tokens, new byte[] {(byte) b});
      boolean inUtf8 = b < 0xc0 || (b > 0xc1 && b < 0xf5);
      if (byteIds[b] < 0 && inUtf8) {
        throw new UnsupportedTokenizerException("vocab has no token for byte " + b);
      }
    }
    return BpeModel.of(vocabulary, byteTokens, merges, byteIds, ignoreMerges);
  }
}
