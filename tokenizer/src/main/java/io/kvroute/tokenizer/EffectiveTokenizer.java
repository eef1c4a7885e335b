package io.kvroute.tokenizer;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes of a {@code tokenizer.json} what transformers 5 really uses. */
final class EffectiveTokenizer {

  private EffectiveTokenizer() {}

  /**
   * The tokenizer in force.
   *
   * @param pipeline what the tokenizer class puts in the file's place; null for nothing
   */
  static TokenizerJson of(TokenizerJson file, @Nullable JsonNode pipeline, JsonNode tokenizerConfig)
      throws IOException {
    if (pipeline == null) {
      return file;
    }
    Map<String, JsonNode> parts = fields(pipeline.path("parts"));
    JsonNode preTokenizer = parts.get("pre_tokenizer");
    if (preTokenizer != null) {
      parts.put("pre_tokenizer", withPrefixSpace(preTokenizer.deepCopy(), tokenizerConfig));
    }
    ArrayNode declared = declaredAddedTokens(tokenizerConfig);
    if (!declared.isEmpty()) {
      parts.put("added_tokens", declared);
    }
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

  /** A class that builds its own pipeline takes the added tokens from the configuration. */
  private static ArrayNode declaredAddedTokens(JsonNode tokenizerConfig) {
    ArrayNode tokens = JsonNodeFactory.instance.arrayNode();
    tokenizerConfig
        .path("added_tokens_decoder")
        .propertyStream()
        .sorted(
            (a, b) -> Integer.compare(Integer.parseInt(a.getKey()), Integer.parseInt(b.getKey())))
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode token) {
                ObjectNode entry = tokens.addObject();
                entry.put("id", Integer.parseInt(field.getKey()));
                entry.setAll(token);
              }
            });
    return tokens;
  }
}
