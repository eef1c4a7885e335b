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
 * What the Hugging Face library makes of tokens that are added to a tokenizer which has some
 * already ({@code AddedVocabulary::add_tokens}). New texts get the next ids in turn, or that of the
 * vocabulary. A text that is there keeps its id and gets the new flags.
 *
 * <p>tokenizers 0.22, of transformers 4, differs from 0.23 in two things. It leaves out tokens that
 * are there with the same flags, even where others of the same text come before them. And whether a
 * text is looked for after normalization only follows from the first token of that text that was
 * special, and from all that were added while none was. Where these say both ways, 0.22 looks for
 * the text twice; {@code tokenizer.json} cannot say so, and it is looked for before normalization.
 */
final class AddedTokens {

  private final TransformersRule rule;
  private final Map<String, JsonNode> present = new LinkedHashMap<>();
  private final Map<String, Boolean> firstSpecialNormalized = new HashMap<>();
  private final Map<String, Boolean> othersNormalized = new HashMap<>();

  /**
   * A tokenizer's own tokens.
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

  /** All tokens once {@code declared} are added, as entries of {@code added_tokens}. */
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
