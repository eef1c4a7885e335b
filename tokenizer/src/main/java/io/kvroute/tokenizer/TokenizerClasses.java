package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Determines the tokenizer class that transformers 5 picks for a repository, by the rules of {@code
 * AutoTokenizer} (5.23, {@code models/auto/tokenization_auto.py}). Most classes read {@code
 * tokenizer.json} as it is. Those with an entry in {@code transformers-5.23-pipelines.json} build
 * their own pipeline around its vocabulary.
 */
final class TokenizerClasses {

  private static final String TAKES_FILE_AS_IT_IS = "TokenizersBackend";
  private static final String MISTRAL = "MistralCommonBackend";
  private static final String QWEN2 = "Qwen2Tokenizer";
  private static final String LLAMA = "LlamaTokenizer";

  private record Registered(String className, boolean wins) {}

  private final Map<String, Registered> byModelType = new HashMap<>();
  private final JsonNode pipelines;

  TokenizerClasses() throws IOException {
    for (String line : resource("transformers-5.23-classes.tsv").lines().toList()) {
      if (!line.startsWith("#")) {
        String[] fields = line.split("\t", -1);
        byModelType.put(fields[0], new Registered(fields[1], fields[2].equals("wins")));
      }
    }
    pipelines = new JsonMapper().readTree(resource("transformers-5.23-pipelines.json"));
  }

  /**
   * The class that a release picks for a repository. Transformers 4 picks the class that the
   * repository names, and uses every {@code tokenizer.json} as it is.
   *
   * @param json the content of {@code tokenizer.json}
   */
  TokenizerClass of(ModelFiles files, String json, TransformersRule rule) throws IOException {
    JsonNode config = files.json("config.json");
    JsonNode tokenizerConfig = files.json("tokenizer_config.json");
    if (rule == TransformersRule.V5) {
      JsonNode pipeline = pipeline(config, tokenizerConfig, json.contains("\"ByteLevel\""));
      return pipeline == null
          ? new TokenizerClass(null, MissingNode.getInstance(), false)
          : new TokenizerClass(
              pipeline,
              pipeline.path("special_tokens"),
              pipeline.path("renews_special_tokens").asBoolean(false));
    }
    String declared = declared(config, tokenizerConfig);
    Registered registered = byModelType.get(config.path("model_type").asString(""));
    String name = declared.isEmpty() && registered != null ? registered.className() : declared;
    return new TokenizerClass(null, specialTokens4(name), name.equals(QWEN2));
  }

  /** The default special tokens of a class of transformers 4, by name. */
  private static JsonNode specialTokens4(String className) throws IOException {
    ObjectNode tokens = JsonNodeFactory.instance.objectNode();
    for (String line : resource("transformers-4.57-special-tokens.tsv").lines().toList()) {
      String[] fields = line.split("\t", -1);
      if (fields[0].equals(className)) {
        for (int i = 1; i < fields.length; i++) {
          if (!fields[i].isEmpty()) {
            tokens.put(SpecialFields.NAMES.get(i - 1), fields[i]);
          }
        }
      }
    }
    return tokens;
  }

  /**
   * The pipeline that replaces the one in the file, as {@code {special_tokens, parts, model}}; null
   * if the file is used as it is.
   */
  @Nullable JsonNode pipeline(JsonNode config, JsonNode tokenizerConfig, boolean byteLevel) {
    return pipelines.get(className(config, tokenizerConfig, byteLevel));
  }

  /**
   * The name of the class; {@code TokenizersBackend} for every class that uses the file as it is.
   *
   * @param config {@code config.json}
   * @param tokenizerConfig {@code tokenizer_config.json}
   * @param byteLevel whether {@code tokenizer.json} has a byte-level part
   */
  String className(JsonNode config, JsonNode tokenizerConfig, boolean byteLevel) {
    String name = chosen(config, tokenizerConfig, byteLevel);
    return pipelines.has(name) ? name : TAKES_FILE_AS_IT_IS;
  }

  private String chosen(JsonNode config, JsonNode tokenizerConfig, boolean byteLevel) {
    String modelType = config.path("model_type").asString("");
    Registered registered = byModelType.get(modelType);
    String declared = declared(config, tokenizerConfig);
    boolean remote = tokenizerConfig.has("auto_map");
    boolean wins = registered != null && registered.wins();
    boolean mistral = registered != null && registered.className().equals(MISTRAL);
    if (!remote && declared.equals(LLAMA) && byteLevel && !wins && !mistral) {
      return TAKES_FILE_AS_IT_IS;
    }
    if (!remote
        && !declared.isEmpty()
        && registered != null
        && !registered.className().equals(declared)) {
      boolean special = pipelines.has(registered.className());
      return !special ? TAKES_FILE_AS_IT_IS : wins ? registered.className() : declared;
    }
    if (declared.isEmpty()) {
      return registered == null ? TAKES_FILE_AS_IT_IS : registered.className();
    }
    return declared;
  }

  private static String declared(JsonNode config, JsonNode tokenizerConfig) {
    return withoutFast(
        tokenizerConfig
            .path("tokenizer_class")
            .asString(config.path("tokenizer_class").asString("")));
  }

  private static String withoutFast(String name) {
    return name.endsWith("Fast") ? name.substring(0, name.length() - "Fast".length()) : name;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TokenizerClasses.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
