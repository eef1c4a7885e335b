package io.kvroute.tokenizer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token declared in a file other than {@code tokenizer.json}.
 *
 * @param bare whether the file gives only its text, so that it gets the flags of a special token
 * @param normalized null if the file does not say; then it is the opposite of {@code special}
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

  /** A token of {@code added_tokens.json}, which gives only texts and ids. */
  static DeclaredToken plain(String content, boolean special) {
    return new DeclaredToken(content, false, false, false, false, !special, special);
  }

  /** A token declared as an object with flags. */
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

  /** A text, or an object marked as a token; null for anything else. */
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

  /** The token as an entry of {@code added_tokens}. The library assigns its id. */
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
