package io.kvroute.tokenizer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token as a file beside {@code tokenizer.json} declares it.
 *
 * @param bare whether it is only a text, whose flags are those of any special token
 * @param normalized null where the file does not say: as if it were not special
 */
record DeclaredToken(
    String content,
    boolean bare,
    boolean singleWord,
    boolean leftStrip,
    boolean rightStrip,
    @Nullable Boolean normalized,
    boolean special) {

  /** A text without flags. */
  static DeclaredToken bare(String content) {
    return new DeclaredToken(content, true, false, false, false, null, false);
  }

  /** A token of {@code added_tokens.json}, which tells only texts and ids. */
  static DeclaredToken plain(String content, boolean special) {
    return new DeclaredToken(content, false, false, false, false, !special, special);
  }

  /** An object of flags. */
  static DeclaredToken of(JsonNode flags, boolean special) {
    JsonNode normalized = flags.path("normalized");
    return new DeclaredToken(
        flags.path("content").asString(""),
        false,
        flags.path("single_word").asBoolean(false),
        flags.path("lstrip").asBoolean(false),
        flags.path("rstrip").asBoolean(false),
        normalized.isBoolean() ? normalized.asBoolean() : null,
        special);
  }

  static DeclaredToken of(JsonNode flags) {
    return of(flags, flags.path("special").asBoolean(false));
  }

  /** A text, or an object that says it is a token; null for anything else. */
  static @Nullable DeclaredToken textOrTyped(JsonNode value) {
    if (value.isString()) {
      return bare(value.asString());
    }
    return value.path("__type").asString("").equals("AddedToken") ? of(value) : null;
  }

  DeclaredToken asSpecial() {
    return new DeclaredToken(content, bare, singleWord, leftStrip, rightStrip, normalized, true);
  }

  boolean isNormalized() {
    return Objects.requireNonNullElse(normalized, !special);
  }

  /** As an entry of {@code added_tokens}; its id is found out by the library. */
  ObjectNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", 0)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", leftStrip)
        .put("rstrip", rightStrip)
        .put("normalized", isNormalized())
        .put("special", special);
  }
}
