package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of adding tokens to a tokenizer that has some already, as the Hugging Face library
 * computes it ({@code AddedVocabulary::add_tokens}). A new text gets the next free id, or the id
 * that it has in the vocabulary. A text that was added before keeps its id and gets the new flags.
 *
 * <p>tokenizers 0.22, which transformers 4 uses, differs from 0.23 in two ways. It skips a token
 * that is present with the same flags, even if another token of the same text comes before it. And
 * the first special token of a text, together with all tokens added before any was special, decides
 * whether the text is matched after normalization. If these disagree, 0.22 matches the text both
 * ways; {@code tokenizer.json} cannot express that, so here the text is matched before
 * normalization.
 */
final class AddedTokens {

  private final TransformersRule rule;
  private final Map<String, JsonNode> present = new LinkedHashMap<>();
  private final Map<String, Boolean> firstSpecialNormalized = new HashMap<>();
  private final Map<String, Boolean> othersNormalized = new HashMap<>();

  /**
   * Starts with the tokens of the tokenizer itself.
   *
   * @param present entries of {@code added_tokens}
   */
  AddedTokens(TransformersRule rule, Iterable<JsonNode> present) {
    this.rule = rule;
    for (JsonNode token : present) {
      this.present.put(text(token), token);
      noteSpecial(token);
    }
    this.present.values().forEach(this::noteOther);
  }

  private static String text(JsonNode token) {
    return token.path("content").asString("");
  }

  private void noteSpecial(JsonNode token) {
    if (token.path("special").asBoolean(false)) {
      firstSpecialNormalized.putIfAbsent(text(token), isNormalized(token));
    }
  }

  private void noteOther(JsonNode token) {
    if (!firstSpecialNormalized.containsKey(text(token))) {
      othersNormalized.merge(text(token), isNormalized(token), Boolean::logicalAnd);
    }
  }

  private static boolean isNormalized(JsonNode token) {
    return token.path("normalized").asBoolean(false);
  }

  /** All tokens after {@code declared} are added, as entries of {@code added_tokens}. */
  ArrayNode with(List<DeclaredToken> declared) {
    Map<String, JsonNode> all = new LinkedHashMap<>(present);
    declared.forEach(token -> noteSpecial(token.json()));
    for (DeclaredToken token : declared) {
      if (rule == TransformersRule.V5 || !isPresent(token)) {
        noteOther(token.json());
        all.put(token.content(), token.json());
      }
    }
    ArrayNode tokens = JsonNodeFactory.instance.arrayNode();
    all.forEach((text, token) -> tokens.add(rule == TransformersRule.V4 ? found(token) : token));
    return tokens;
  }

  private boolean isPresent(DeclaredToken token) {
    return present.get(token.content()) instanceof ObjectNode same
        && same.deepCopy().put("id", 0).equals(token.json());
  }

  private JsonNode found(JsonNode token) {
    boolean normalized =
        firstSpecialNormalized.getOrDefault(text(token), true)
            && othersNormalized.getOrDefault(text(token), true);
    return normalized == isNormalized(token)
        ? token
        : token.deepCopy().asObject().put("normalized", normalized);
  }
}
