package io.kvroute.loadtest.replica;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model text without a tokenizer: one token per byte. Answers consist of two words. */
final class PlainText implements ModelText {

  static final int END = 999;

  @Override
  public int[] chat(byte[] body) {
    StringBuilder prompt = new StringBuilder();
    for (JsonNode message : JsonMapper.shared().readTree(body).path("messages")) {
      prompt.append(message.path("role").asString("")).append('\n');
      prompt.append(message.path("content").asString("")).append('\n');
    }
    return answer(prompt.toString());
  }

  @Override
  public int[] text(String prompt) {
    return answer(prompt);
  }

  @Override
  public int[] answer(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = bytes[i] & 0xff;
    }
    return ids;
  }

  @Override
  public AnswerWords words() {
    return new AnswerWords(
        new int[] {300}, new int[] {301}, Map.of(300, "Yes", 301, " indeed"), END);
  }
}
