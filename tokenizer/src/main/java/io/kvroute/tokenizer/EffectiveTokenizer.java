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
 * Computes the {@code tokenizer.json} that is in effect. Its pipeline is the sequence of steps from
 * text to ids: normalizer, pre-tokenizer, model and post-processor. For some tokenizer classes
 * transformers replaces steps of the pipeline, and it adds tokens that other files declare.
 *
 * <p>Steps: {@link TokenizerClasses} determines the class that transformers picks for the
 * repository; {@link DeclaredTokens} collects the tokens that it adds, in its order; {@link
 * AddedTokens} merges them with those of the file. The vocabulary is streamed through and never
 * built as a tree, so the cost is one pass over the file. Sources: transformers 4.57.6 and 5.24.0;
 * {@code src/test/python/declared_tokens.py} records what both do. Example, Llama 2 with
 * transformers 5:
 *
 * <pre>{@code
 * tokenizer.json            normalizer: Prepend and Replace, pre_tokenizer: none
 * tokenizer_config.json     tokenizer_class: LlamaTokenizer, legacy: false, pad_token: <pad>
 * in effect                 normalizer: none, pre_tokenizer: Metaspace(prepend_scheme: first)
 *                           added_tokens: those of the file, then <pad>
 * }</pre>
 */
final class EffectiveTokenizer {

  private EffectiveTokenizer() {}

  /**
   * The tokenizer in effect.
   *
   * @param file the {@code tokenizer.json} among the files
   * @param loader the class with which transformers loads them
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

  /** Applies {@code add_prefix_space} and {@code legacy} as the classes do. */
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
