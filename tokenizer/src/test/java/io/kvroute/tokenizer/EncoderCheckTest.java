package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.Tokenizer.Implementation;
import io.kvroute.tokenizer.bpe.BpeTokenizer;
import org.junit.jupiter.api.Test;

/** Which code encodes, and that the check at load would find it wrong. */
class EncoderCheckTest {

  private static final String ONE_DIGIT = "\\\\p{N}|";

  private final ParityCorpus corpus = ParityCorpus.open();

  @Test
  void takesOurEncoderForByteLevelTokenizersAndTheLibraryForOthers() throws Exception {
    for (String model : corpus.models()) {
      TokenizerJson json = corpus.effective(model);
      Tokenizer tokenizer = new Tokenizer(json, 0);
      assertThat(tokenizer.implementation())
          .as(model)
          .isEqualTo(
              json.text().contains("\"ByteLevel\"") ? Implementation.NATIVE : Implementation.DJL);
      assertThat(tokenizer.decode(tokenizer.encode("Hello, world!", false), true))
          .as(model)
          .isEqualTo("Hello, world!");
    }
  }

  @Test
  void takesTheLibraryForAnExpressionThatOurEncoderDoesNotKnow() throws Exception {
    String json = corpus.effective("qwen3").text();
    assertThat(json).contains(ONE_DIGIT);
    Tokenizer tokenizer =
        new Tokenizer(TokenizerJson.parse(json.replace(ONE_DIGIT, "\\\\p{N}{1,2}|")), 0);
    assertThat(tokenizer.implementation()).isEqualTo(Implementation.DJL);
    assertThat(tokenizer.implementation().label()).isEqualTo("djl");
  }

  @Test
  void findsATextWhoseIdsDiffer() throws Exception {
    TokenizerJson json = corpus.effective("qwen3");
    BpeTokenizer own = own(json);
    LibraryTokenizer same = new LibraryTokenizer(json.text());
    assertThat(new EncoderCheck(same, own, json.addedTokens()).difference()).isNull();
    String[] changes = {
      "?\\\\p{L}+|",
      "?[\\\\p{L}\\\\p{M}]+|",
      "\"type\":\"NFC\"",
      "\"type\":\"NFKC\"",
      "\\\\s*[\\\\r\\\\n]+|",
      ""
    };
    String compact = json.text().replace("\"type\": \"NFC\"", "\"type\":\"NFC\"");
    for (int i = 0; i < changes.length; i += 2) {
      String changed = compact.replace(changes[i], changes[i + 1]);
      assertThat(changed).as(changes[i]).isNotEqualTo(compact);
      LibraryTokenizer other = new LibraryTokenizer(changed);
      assertThat(new EncoderCheck(other, own, json.addedTokens()).difference())
          .as(changes[i])
          .isNotNull();
      other.free();
    }
  }

  private static BpeTokenizer own(TokenizerJson json) throws Exception {
    LibraryTokenizer library = new LibraryTokenizer(json.text());
    return BpeTokenizer.of(json.text(), json.head(), text -> library.encode(text, false));
  }
}
