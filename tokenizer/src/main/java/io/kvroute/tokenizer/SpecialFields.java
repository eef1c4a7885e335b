package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of {@code tokenizer_config.json} that declare special tokens, replaced by those of
 * {@code special_tokens_map.json} where transformers reads that file too. The names depend on the
 * release: transformers 4 lists tokens in {@code additional_special_tokens} and names further ones
 * in {@code extra_special_tokens}; transformers 5 accepts both forms in both fields, and every
 * other string field whose name ends in {@code _token}.
 */
final class SpecialFields {

  /** The fixed names, in the order in which transformers processes them. */
  static final List<String> NAMES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final String ADDITIONAL = "additional_special_tokens";
  private static final String EXTRA = "extra_special_tokens";

  private final TransformersRule rule;
  private final Map<String, JsonNode> fields = new LinkedHashMap<>();

  /** Names that transformers 5 removes from the configuration before it reads the map. */
  private final Map<String, JsonNode> ownNames = new LinkedHashMap<>();

  private final Set<String> inMap = new HashSet<>();
  private String lastInMap = "";

  SpecialFields(JsonNode config, TransformersRule rule) {
    this.rule = rule;
    config.propertyStream().forEach(field -> fields.put(field.getKey(), field.getValue()));
    if (rule == TransformersRule.V5) {
      if (fields.containsKey(ADDITIONAL) && isFalse(fields.get(EXTRA))) {
        fields.put(EXTRA, fields.remove(ADDITIONAL));
      }
      fields.forEach(
          (name, value) -> {
            if (isOwnName(name) && value.isString()) {
              ownNames.put(name, value);
            }
          });
      takeNamedExtras();
    }
  }

  private static boolean isFalse(@Nullable JsonNode value) {
    return value == null || value.isNull() || (value.isContainer() && value.isEmpty());
  }

  private static boolean isOwnName(String name) {
    return name.endsWith("_token") && !NAMES.contains(name);
  }

  private void takeNamedExtras() {
    if (fields.get(EXTRA) instanceof ObjectNode named) {
      fields.remove(EXTRA);
      named.propertyStream().forEach(field -> ownNames.put(field.getKey(), field.getValue()));
    }
  }

  /** Replaces fields of the configuration by those of {@code special_tokens_map.json}. */
  void take(JsonNode map) {
    String list = rule == TransformersRule.V5 ? EXTRA : ADDITIONAL;
    map.propertyStream()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (value.isArray() && name.equals(list)) {
                fields.put(name, joined(fields.get(name), value));
              } else {
                fields.put(name, name.equals(EXTRA) ? value : special(value));
              }
            });
    if (rule == TransformersRule.V5) {
      takeNamedExtras();
    }
  }

  private ArrayNode joined(@Nullable JsonNode before, JsonNode more) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    if (before != null) {
      before.forEach(all::add);
    }
    for (JsonNode token : more) {
      all.add(special(token));
      lastInMap = token.isObject() ? token.path("content").asString("") : token.asString("");
    }
    return all;
  }

  /** In the map, an object with flags is a special token even if it does not say so. */
  private JsonNode special(JsonNode value) {
    if (!value.isObject()) {
      return value;
    }
    inMap.add(value.path("content").asString(""));
    ObjectNode token = value.deepCopy().asObject();
    return token.put("__type", "AddedToken").put("special", true);
  }

  /** The text of the last token in the map's list; empty if there is none. */
  String lastInMap() {
    return lastInMap;
  }

  /** The texts that are special tokens if they occur in {@code added_tokens.json}. */
  Set<String> texts() {
    Set<String> texts = new HashSet<>(inMap);
    NAMES.forEach(name -> addText(fields.get(name), texts));
    JsonNode list = fields.get(rule == TransformersRule.V5 ? EXTRA : ADDITIONAL);
    if (list != null) {
      list.forEach(token -> addText(token, texts));
    }
    return texts;
  }

  private static void addText(@Nullable JsonNode token, Set<String> texts) {
    if (token != null && token.isString()) {
      texts.add(token.asString());
    }
  }

  /** Whether the field exists, even with the value null. */
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** The token of one of {@link #NAMES}; null if there is none. */
  @Nullable DeclaredToken named(String name) {
    JsonNode value = fields.get(name);
    return value == null ? null : DeclaredToken.textOrTyped(value);
  }

  /** Tokens under names that are specific to this model, in order. */
  List<DeclaredToken> ownNames() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    if (rule == TransformersRule.V5) {
      fields.forEach(
          (name, value) -> {
            if (isOwnName(name) && !ownNames.containsKey(name)) {
              all.put(name, value);
            }
          });
      all.putAll(ownNames);
    } else if (fields.get(EXTRA) instanceof ObjectNode named) {
      named.propertyStream().forEach(field -> all.put(field.getKey(), field.getValue()));
    }
    return tokens(all.values());
  }

  /** Tokens without names, in order. */
  List<DeclaredToken> unnamed() {
    boolean extra = rule == TransformersRule.V5 && fields.containsKey(EXTRA);
    return fields.get(extra ? EXTRA : ADDITIONAL) instanceof ArrayNode list
        ? tokens(list)
        : List.of();
  }

  private static List<DeclaredToken> tokens(Iterable<JsonNode> values) {
    List<DeclaredToken> tokens = new ArrayList<>();
    for (JsonNode value : values) {
      DeclaredToken token = DeclaredToken.textOrTyped(value);
      if (token != null) {
        tokens.add(token);
      }
    }
    return tokens;
  }
}
