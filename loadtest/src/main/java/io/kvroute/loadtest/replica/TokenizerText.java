package io.kvroute.loadtest.replica;

import io.kvroute.tokenizer.ModelFiles;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The text of a model with its own tokenizer and chat template. */
public final class TokenizerText implements ModelText {

  /** Resource with common English words; only those of one token are used. */
  private static final String WORDS = "words.txt";

  private final PromptEncoder encoder;
  private final AnswerWords words;

  private TokenizerText(PromptEncoder encoder, AnswerWords words) {
    this.encoder = encoder;
    this.words = words;
  }

  /**
   * Loads a model. Takes up to a few seconds.
   *
   * @throws IOException if a file is missing or invalid, or if the vocabulary contains no words
   */
  public static TokenizerText open(ModelFiles files) throws IOException {
    return open(files, PromptEncoderOptions.defaults());
  }

  /** Loads a model for an engine with other than vLLM's default settings. */
  public static TokenizerText open(ModelFiles files, PromptEncoderOptions options)
      throws IOException {
    PromptEncoder encoder = PromptEncoder.open(files, options);
    try {
      return new TokenizerText(encoder, words(files, encoder.tokenizer()));
    } catch (PromptException e) {
      throw new IOException(files.name() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public int[] chat(byte[] body) throws PromptException {
    return encoder.encode(body).ids();
  }

  @Override
  public int[] text(String prompt) throws PromptException {
    return encoder.tokenizer().encode(prompt, true);
  }

  @Override
  public int[] answer(String text) throws PromptException {
    return encoder.tokenizer().encode(text, false);
  }

  @Override
  public AnswerWords words() {
    return words;
  }

  private static AnswerWords words(ModelFiles files, Tokenizer tokenizer)
      throws IOException, PromptException {
    List<Integer> openers = new ArrayList<>();
    List<Integer> followers = new ArrayList<>();
    Map<Integer, String> texts = new HashMap<>();
    for (String word : wordList()) {
      String opener = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
      addIfOneToken(tokenizer, opener, openers, texts);
      addIfOneToken(tokenizer, " " + word, followers, texts);
    }
    try {
      return new AnswerWords(array(openers), array(followers), texts, endToken(files, tokenizer));
    } catch (IllegalArgumentException e) {
      throw new IOException(files.name() + ": " + e.getMessage(), e);
    }
  }

  private static List<String> wordList() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TokenizerText.class.getResourceAsStream(WORDS), WORDS)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static void addIfOneToken(
      Tokenizer tokenizer, String text, List<Integer> ids, Map<Integer, String> texts)
      throws PromptException {
    int[] encoded = tokenizer.encode(text, false);
    if (encoded.length == 1 && tokenizer.decode(encoded, false).equals(text)) {
      ids.add(encoded[0]);
      texts.put(encoded[0], text);
    }
  }

  private static int endToken(ModelFiles files, Tokenizer tokenizer)
      throws IOException, PromptException {
    String config = files.text("tokenizer_config.json");
    JsonNode end = JsonMapper.shared().readTree(config == null ? "{}" : config).path("eos_token");
    String text = end.isObject() ? end.path("content").asString("") : end.asString("");
    int[] ids = tokenizer.encode(text, false);
    if (ids.length != 1) {
      throw new IOException(
          "%s/tokenizer_config.json: eos_token: \"%s\" is %d tokens (expected: 1)"
              .formatted(files.name(), text, ids.length));
    }
    return ids[0];
  }

  private static int[] array(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
