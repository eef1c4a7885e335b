package io.kvroute.tokenizer;

import java.io.IOException;

/**
 * Text to token ids and back, as the model's own tokenizer does it. Nothing is truncated; special
 * tokens are added only where asked for. Immutable and safe for any number of threads; the work is
 * native and costs about 5 µs a token for new text.
 */
public final class Tokenizer {

  private final NativeTokenizer tokenizer;

  private Tokenizer(NativeTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a model's tokenizer; takes up to a few seconds for large vocabularies.
   *
   * @throws IOException if there is no {@code tokenizer.json} or it cannot be read; the message
   *     says what to do
   */
  public static Tokenizer open(ModelFiles files) throws IOException {
    TokenizerJson json = TokenizerJson.parse(files.tokenizerJson());
    return new Tokenizer(new NativeTokenizer(json.text()));
  }

  /**
   * The ids of a text.
   *
   * @param addSpecialTokens whether the model's own start and end tokens are added, as for {@code
   *     /v1/completions}; chat templates write them themselves
   * @throws PromptException of stage tokenize, if the text holds a lone surrogate
   */
  public int[] encode(String text, boolean addSpecialTokens) throws PromptException {
    refuseLoneSurrogates(text);
    return tokenizer.encode(text, addSpecialTokens);
  }

  /** The text of some ids; bytes that are not UTF-8 become U+FFFD. */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      wide[i] = ids[i];
    }
    return tokenizer.decode(wide, skipSpecialTokens);
  }

  private static void refuseLoneSurrogates(String text) throws PromptException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new PromptException(
              PromptException.Stage.TOKENIZE,
              "the prompt holds a lone surrogate at character " + i + " (expected: Unicode text)");
        }
        i++;
      }
    }
  }
}
