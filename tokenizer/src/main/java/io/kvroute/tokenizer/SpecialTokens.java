package io.kvroute.tokenizer;

import io.kvroute.tokenizer.jinja.values.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The named special tokens of a model, which templates see as variables: {@code bos_token}, {@code
 * eos_token} and so on (transformers 5.23, {@code special_tokens_map}).
 */
final class SpecialTokens {

  private SpecialTokens() {}

  /**
   * The tokens by name.
   *
   * @param specialTokensMap {@code special_tokens_map.json}, which older repositories contain
   * @param pipeline the pipeline of the tokenizer class, with its default tokens; null for none
   */
  static Map<String, Value> of(
      JsonNode tokenizerConfig, JsonNode specialTokensMap, @Nullable JsonNode pipeline) {
    Map<String, Value> tokens = new LinkedHashMap<>();
    boolean old = !tokenizerConfig.has("added_tokens_decoder");
    for (String name : SpecialFields.NAMES) {
      JsonNode token = tokenizerConfig.path(name);
      if (old && specialTokensMap.has(name)) {
        token = specialTokensMap.path(name);
      }
      if (token.isMissingNode() && pipeline != null) {
        token = pipeline.path("special_tokens").path(name);
      }
      put(tokens, name, token);
    }
    tokenizerConfig
        .propertyStream()
        .filter(
            field ->
                field.getKey().endsWith("_token") && !SpecialFields.NAMES.contains(field.getKey()))
        .forEach(field -> put(tokens, field.getKey(), field.getValue()));
    tokenizerConfig
        .path("extra_special_tokens")
        .propertyStream()
        .forEach(field -> put(tokens, field.getKey(), field.getValue()));
    return tokens;
  }

  private static void put(Map<String, Value> tokens, String name, JsonNode token) {
    JsonNode text = token.isObject() ? token.path("content") : token;
    if (text.isString()) {
      tokens.put(name, new Value.Str(text.asString()));
    }
  }
}
