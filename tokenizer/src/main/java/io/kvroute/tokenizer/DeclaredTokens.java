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
 * The tokens that transformers adds to a tokenizer when it loads it, in the order in which it does
 * ({@code PreTrainedTokenizerBase._from_pretrained} and {@code __init__} of {@code
 * PreTrainedTokenizerFast}, 4.57.6, or {@code TokenizersBackend}, 5.24.0): those of {@code
 * added_tokens_decoder} by id, then the special ones that are not among them. Without {@code
 * added_tokens_decoder}, {@code added_tokens.json} and {@code special_tokens_map.json} count too.
 * Only their order tells the ids that they get, whatever ids the files say.
 */
final class DeclaredTokens {

  /** What Qwen2's class of transformers 4 renews of its special tokens. */
  private static final Set<String> RENEWED_BY_4 =
      Set.of("bos_token", "eos_token", "unk_token", "pad_token");

  private final TransformersRule rule;
  private final SpecialFields special;
  private final TreeMap<Integer, DeclaredToken> byId = new TreeMap<>();

  /** Those of {@link #byId} whose flags a special token of the same text gets. */
  private final Map<String, DeclaredToken> byText = new HashMap<>();

  private DeclaredTokens(SpecialFields special, TransformersRule rule) {
    this.special = special;
    this.rule = rule;
  }

  /**
   * The tokens to add.
   *
   * @param json the {@code tokenizer.json} among the files
   * @throws IOException if an id is no number
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

  /** Transformers 4 means each token's text, but writes the last of the map's (a slip of its). */
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

  /** As transformers 5 does. */
  private static void addUnknown(
      List<DeclaredToken> specials, Set<String> known, List<DeclaredToken> tokens) {
    for (DeclaredToken token : specials) {
      if (!known.contains(token.content()) && !tokens.contains(token)) {
        tokens.add(token);
      }
    }
  }

  /** As transformers 4 does: what has flags is added even if its text is known. */
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
