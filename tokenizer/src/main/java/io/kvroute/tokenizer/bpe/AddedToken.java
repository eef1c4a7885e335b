package io.kvroute.tokenizer.bpe;

import tools.jackson.databind.JsonNode;

/**
 * An entry of {@code added_tokens}: a text that becomes one id wherever it occurs.
 *
 * @param singleWord whether it matches only where no word character is next to it
 * @param leftStrip whether it consumes the white space before it; {@code rightStrip} that after it
 * @param special whether it is a control token, which decoders can omit
 * @param normalized whether it is matched in the normalized text instead of the original text
 */
public record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean leftStrip,
    boolean rightStrip,
    boolean normalized,
    boolean special) {

  public static AddedToken of(JsonNode json) {
    return new AddedToken(
        json.path("id").asInt(-1),
        json.path("content").asString(""),
        json.path("single_word").asBoolean(false),
        json.path("lstrip").asBoolean(false),
        json.path("rstrip").asBoolean(false),
        json.path("normalized").asBoolean(false),
        json.path("special").asBoolean(false));
  }

  AddedToken withId(int newId) {
    return new AddedToken(newId, content, singleWord, leftStrip, rightStrip, normalized, special);
  }

  AddedToken withContent(String newContent) {
    return new AddedToken(id, newContent, singleWord, leftStrip, rightStrip, normalized, special);
  }
}
