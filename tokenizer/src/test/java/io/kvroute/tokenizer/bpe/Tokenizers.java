package io.kvroute.tokenizer.bpe;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tokenizer in both implementations.
 *
 * @param added the texts of its added tokens
 */
record Tokenizers(String name, BpeTokenizer own, HuggingFace library, List<String> added)
    implements AutoCloseable {

  /**
   * Reads a tokenizer.
   *
   * @param json the content of {@code tokenizer.json}
   */
  static Tokenizers of(String name, String json) throws UnsupportedTokenizerException {
    JsonNode head = new JsonMapper().readTree(json);
    HuggingFace library = new HuggingFace(json);
    try {
      BpeTokenizer own = BpeTokenizer.of(json, head, library::encode);
      List<String> added =
          StreamSupport.stream(head.path("added_tokens").spliterator(), false)
              .map(token -> token.path("content").asString(""))
              .toList();
      return new Tokenizers(name, own, library, added);
    } catch (UnsupportedTokenizerException e) {
      library.close();
      throw e;
    }
  }

  /** Fails with a text as short as possible if a text has other ids in the two. */
  void check(String text) {
    if (!same(text)) {
      String small = Shrink.text(text, shorter -> !same(shorter));
      throw new AssertionError(
          "%s: %s: ids %s, expected %s"
              .formatted(
                  name,
                  escaped(small),
                  Arrays.toString(ids(small)),
                  Arrays.toString(library.encode(small))));
    }
  }

  private boolean same(String text) {
    IdBuffer ids = new IdBuffer(text.length() / 2);
    own.encode(text, ids);
    int[] expected = library.encode(text);
    return Arrays.equals(ids.raw(), 0, ids.count(), expected, 0, expected.length);
  }

  int[] ids(String text) {
    IdBuffer ids = new IdBuffer(text.length() / 2);
    own.encode(text, ids);
    return ids.from(0);
  }

  private static String escaped(String text) {
    return text.codePoints()
        .mapToObj(c -> c > ' ' && c < 0x7f ? Character.toString(c) : "{%x}".formatted(c))
        .collect(Collectors.joining());
  }

  @Override
  public void close() {
    library.close();
  }
}
