package io.kvroute.tokenizer.bpe;

import tools.jackson.databind.JsonNode;

/**
 * An entry of {@code added_tokens}: a text that becomes one id wherever it stands.
 *
 * @param leftStrip takes the white space before it too; {@code rightStrip} that after it
 * @param singleWord counts only where no word character touches it
 * @param normalized looked for after normalization of the text around it instead of before
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
