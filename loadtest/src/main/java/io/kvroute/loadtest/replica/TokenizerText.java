package io.kvroute.loadtest.replica;

import io.kvroute.tokenizer.ModelFiles;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model's text side by its own tokenizer and chat template. */
public final class TokenizerText implements ModelText {

  private static final Pattern OPENER = Pattern.compile("[A-Z][a-z]{2,9}");
  private static final Pattern FOLLOWER = Pattern.compile(" [a-z]{3,10}");

  /** Ids searched for words: enough to find common ones in vocabularies of all sizes. */
  private static final int SEARCHED_IDS = 30_000;

  private final PromptEncoder encoder;
  private final AnswerWords words;

  private TokenizerText(PromptEncoder encoder, AnswerWords words) {
    this.encoder = encoder;
    this.words = words;
  }

  /**
   * Loads a model; takes up to a few seconds.
   *
   * @throws IOException if a file is missing or wrong, or if no words can be made of the vocabulary
   */
  public static TokenizerText open(ModelFiles files) throws IOException {
    PromptEncoder encoder = PromptEncoder.open(files, PromptEncoderOptions.defaults());
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
    for (int id = 0; id < SEARCHED_IDS; id++) {
      String text = tokenizer.decode(new int[] {id}, false);
      boolean opens = OPENER.matcher(text).matches();
      if ((opens || FOLLOWER.matcher(text).matches()) && isOneToken(tokenizer, text, id)) {
        (opens ? openers : followers).add(id);
        texts.put(id, text);
      }
    }
    try {
      return new AnswerWords(array(openers), array(followers), texts, endToken(files, tokenizer));
    } catch (IllegalArgumentException e) {
      throw new IOException(files.name() + ": " + e.getMessage(), e);
    }
  }

  private static boolean isOneToken(Tokenizer tokenizer, String text, int id)
      throws PromptException {
    int[] ids = tokenizer.encode(text, false);
    return ids.length == 1 && ids[0] == id;
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
