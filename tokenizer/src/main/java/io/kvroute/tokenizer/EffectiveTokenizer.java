package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of a {@code tokenizer.json} what transformers really uses: another pipeline for some
 * classes, and more added tokens where other files declare them.
 */
final class EffectiveTokenizer {

  private EffectiveTokenizer() {}

  /**
   * The tokenizer in force.
   *
   * @param file the {@code tokenizer.json} among the files
   * @param loader the class that transformers makes of them
   */
  static TokenizerJson of(
      TokenizerJson file, TokenizerClass loader, ModelFiles files, TransformersRule rule)
      throws IOException {
    JsonNode pipeline = loader.pipeline();
    List<JsonNode> present = new ArrayList<>();
    if (pipeline == null) {
      file.head().path("added_tokens").forEach(present::add);
    }
    ArrayNode tokens = withDeclared(present, DeclaredTokens.of(files, file, loader, rule));
    boolean sameTokens = tokens.equals(file.head().path("added_tokens"));
    if (pipeline == null) {
      return sameTokens ? file : file.with(Map.of("added_tokens", tokens), Map.of());
    }
    Map<String, JsonNode> parts = fields(pipeline.path("parts"));
    JsonNode preTokenizer = parts.get("pre_tokenizer");
    if (preTokenizer != null) {
      JsonNode config = files.json("tokenizer_config.json");
      parts.put("pre_tokenizer", withPrefixSpace(preTokenizer.deepCopy(), config));
    }
    parts.put("added_tokens", tokens);
    return file.with(parts, fields(pipeline.path("model")));
  }

  private static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.propertyStream().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  /** Puts {@code add_prefix_space} and {@code legacy} to work, as the classes do. */
  private static JsonNode withPrefixSpace(JsonNode preTokenizer, JsonNode tokenizerConfig) {
    if (preTokenizer instanceof ObjectNode node) {
      JsonNode prefix = tokenizerConfig.path("add_prefix_space");
      switch (node.path("type").asString("")) {
        case "Metaspace" -> {
          boolean wanted = prefix.asBoolean(true);
          boolean legacy = tokenizerConfig.path("legacy").asBoolean(false);
          node.put("prepend_scheme", !wanted ? "never" : legacy ? "always" : "first");
        }
        case "ByteLevel" -> node.put("add_prefix_space", prefix.asBoolean(false));
        default ->
            node.path("pretokenizers").forEach(inner -> withPrefixSpace(inner, tokenizerConfig));
      }
    }
    return preTokenizer;
  }

  /**
   * The added tokens with those that other files declare. Of a text that comes again the library
   * keeps the id and takes the new flags ({@code AddedVocabulary}, tokenizers 0.22 and 0.23).
   */
  private static ArrayNode withDeclared(List<JsonNode> present, List<DeclaredToken> declared) {
    Map<String, JsonNode> byText = new LinkedHashMap<>();
    present.forEach(token -> byText.put(token.path("content").asString(""), token));
    declared.forEach(token -> byText.put(token.content(), token.json()));
    ArrayNode tokens = JsonNodeFactory.instance.arrayNode();
    byText.values().forEach(tokens::add);
    return tokens;
  }
}
