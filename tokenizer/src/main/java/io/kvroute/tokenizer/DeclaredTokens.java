package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The tokens that transformers adds to a tokenizer when it loads it, in its order ({@code
 * PreTrainedTokenizerBase._from_pretrained} and {@code __init__} of {@code
 * PreTrainedTokenizerFast}, 4.57.6, or {@code TokenizersBackend}, 5.24.0). The order matters
 * because it alone decides which ids the tokens get, whatever ids the files state.
 *
 * <p>First come the tokens of {@code added_tokens_decoder}, by id, then the special tokens that are
 * not among them. If the configuration has no {@code added_tokens_decoder}, {@code
 * added_tokens.json} and {@code special_tokens_map.json} are read too. Example, for a tokenizer
 * with 300 ids:
 *
 * <pre>{@code
 * added_tokens_decoder: {"500": "<tool>", "400": "<think>"},  eos_token: "<eos>"
 * order: <think>, <tool>, <eos>
 * ids:   300,     301,    302
 * }</pre>
 */
final class DeclaredTokens {

  /** Special tokens that the Qwen2 class of transformers 4 adds again with plain flags. */
  private static final Set<String> RENEWED_BY_4 =
      Set.of("bos_token", "eos_token", "unk_token", "pad_token");

  private final TransformersRule rule;
  private final SpecialFields special;
  private final TreeMap<Integer, DeclaredToken> byId = new TreeMap<>();

  /** The tokens of {@link #byId} by text: a special token of the same text gets their flags. */
  private final Map<String, DeclaredToken> byText = new HashMap<>();

  private DeclaredTokens(SpecialFields special, TransformersRule rule) {
    this.special = special;
    this.rule = rule;
  }

  /**
   * Determines the tokens to add, in order.
   *
   * @param json the {@code tokenizer.json} among the files
   * @throws IOException if an id is not a number
   */
  static List<DeclaredToken> of(
      ModelFiles files, TokenizerJson json, TokenizerClass loader, TransformersRule rule)
      throws IOException {
    JsonNode config = files.json("tokenizer_config.json");
    SpecialFields special = new SpecialFields(config, rule);
    DeclaredTokens tokens = new DeclaredTokens(special, rule);
    if (config.has("added_tokens_decoder")) {
      tokens.takeDecoder(config.path("added_tokens_decoder"));
    } else {
      special.take(files.json("special_tokens_map.json"));
      tokens.takeAddedTokens(files.json("added_tokens.json"));
      tokens.takeFile(json.head().path("added_tokens"));
    }
    Set<String> present = new HashSet<>();
    if (loader.pipeline() == null) {
      json.addedTokens().forEach(token -> present.add(token.content()));
    }
    JsonNode padding = json.head().path("padding");
    return tokens.inOrder(tokens.named(loader, padding), present, loader.renewsSpecialTokens());
  }

  private void takeDecoder(JsonNode decoder) throws IOException {
    for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
      if (entry.getValue().isObject()) {
        take(id(entry.getKey()), DeclaredToken.of(entry.getValue()));
      }
    }
  }

  private static int id(String key) throws IOException {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw new IOException(
          "tokenizer_config.json: added_tokens_decoder: \"" + key + "\" (expected: a token's id)",
          e);
    }
  }

  /**
   * Reads {@code added_tokens.json}. A bug of transformers 4 is reproduced: it stores each token
   * under the text of the last entry of the special tokens map instead of its own.
   */
  private void takeAddedTokens(JsonNode ids) {
    Set<String> specialTexts = special.texts();
    ids.propertyStream()
        .forEach(
            entry -> {
              String text = entry.getKey();
              DeclaredToken token = DeclaredToken.plain(text, specialTexts.contains(text));
              byId.put(entry.getValue().asInt(-1), token);
              byText.put(rule == TransformersRule.V5 ? text : special.lastInMap(), token);
            });
  }

  private void takeFile(JsonNode addedTokens) {
    addedTokens.forEach(token -> take(token.path("id").asInt(-1), DeclaredToken.of(token)));
  }

  private void take(int id, DeclaredToken token) {
    byId.put(id, token);
    byText.put(token.content(), token);
  }

  private List<DeclaredToken> named(TokenizerClass loader, JsonNode padding) {
    boolean renews = rule == TransformersRule.V4 && loader.renewsSpecialTokens();
    List<DeclaredToken> named = new ArrayList<>();
    for (String name : SpecialFields.NAMES) {
      DeclaredToken declared = special.named(name);
      if (declared != null) {
        DeclaredToken known = byText.getOrDefault(declared.content(), declared);
        boolean renewed = renews && known.bare() && RENEWED_BY_4.contains(name);
        named.add(renewed ? DeclaredToken.plain(known.content(), true) : known);
      } else if (!special.has(name)) {
        DeclaredToken own = DeclaredToken.textOrTyped(loader.specialTokens().path(name));
        boolean pads = own == null && name.equals("pad_token");
        addIfAny(pads ? DeclaredToken.textOrTyped(padding.path(name)) : own, named);
      }
    }
    return named;
  }

  private static void addIfAny(@Nullable DeclaredToken token, List<DeclaredToken> tokens) {
    if (token != null) {
      tokens.add(token);
    }
  }

  private List<DeclaredToken> inOrder(
      List<DeclaredToken> named, Set<String> present, boolean renews) {
    List<DeclaredToken> tokens = new ArrayList<>(byId.values());
    Set<String> known = new HashSet<>(present);
    tokens.forEach(token -> known.add(token.content()));
    List<DeclaredToken> specials = new ArrayList<>(named);
    if (rule == TransformersRule.V5) {
      specials.addAll(special.ownNames());
      Set<String> texts = texts(specials);
      specials.addAll(special.unnamed());
      addUnknown(specials, known, tokens);
      if (renews) {
        specials.forEach(token -> tokens.add(DeclaredToken.bare(token.content())));
      }
      return flagged(tokens, texts);
    }
    specials.addAll(special.unnamed());
    specials.addAll(special.ownNames());
    addFirstOfEach(specials, known, tokens);
    return flagged(tokens, texts(specials));
  }

  private static Set<String> texts(List<DeclaredToken> tokens) {
    return tokens.stream().map(DeclaredToken::content).collect(Collectors.toSet());
  }

  /** Adds special tokens as transformers 5 does: those whose text is not yet known. */
  private static void addUnknown(
      List<DeclaredToken> specials, Set<String> known, List<DeclaredToken> tokens) {
    for (DeclaredToken token : specials) {
      if (!known.contains(token.content()) && !tokens.contains(token)) {
        tokens.add(token);
      }
    }
  }

  /**
   * Adds special tokens as transformers 4 does: a token with flags is added even if its text is
   * known.
   */
  private static void addFirstOfEach(
      List<DeclaredToken> specials, Set<String> known, List<DeclaredToken> tokens) {
    Set<String> seen = new HashSet<>();
    List<DeclaredToken> before = List.copyOf(tokens);
    for (DeclaredToken token : specials) {
      boolean present = token.bare() ? known.contains(token.content()) : before.contains(token);
      if (seen.add(token.content()) && !present) {
        tokens.add(token);
      }
    }
  }

  private static List<DeclaredToken> flagged(List<DeclaredToken> tokens, Set<String> specialTexts) {
    return tokens.stream()
        .filter(token -> !token.content().isEmpty())
        .map(
            token ->
                token.bare() || specialTexts.contains(token.content()) ? token.asSpecial() : token)
        .toList();
  }
}
