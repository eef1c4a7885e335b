package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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
    JsonNode ownTokens = file.head().path("added_tokens");
    AddedTokens added = new AddedTokens(rule, pipeline == null ? ownTokens : List.of());
    ArrayNode tokens = added.with(DeclaredTokens.of(files, file, loader, rule));
    if (pipeline == null) {
      return tokens.equals(ownTokens) ? file : file.with(Map.of("added_tokens", tokens), Map.of());
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
}
