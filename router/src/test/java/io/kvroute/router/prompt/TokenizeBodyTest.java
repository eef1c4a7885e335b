package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kvroute.router.openai.Endpoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizeBodyTest {

  private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"Hi\"}]";

  private static @Nullable JsonNode chat(String members) {
    return of(Endpoint.CHAT_COMPLETIONS, "{\"messages\":" + MESSAGES + members + "}");
  }

  private static @Nullable JsonNode of(Endpoint endpoint, String body) {
    byte[] tokenizeBody = TokenizeBody.of(endpoint, body.getBytes(UTF_8));
    return tokenizeBody == null ? null : JsonMapper.shared().readTree(tokenizeBody);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void sendsTheFieldsThatAChatsPromptDependsOnAndNoOthers() {
    assertThat(
            chat(
                ",\"model\":\"m\", \"tools\" : [ 1.50 ],\"temperature\":0.5,\"stream\":true,"
                    + "\"add_generation_prompt\":false,\"continue_final_message\":true,"
                    + "\"chat_template_kwargs\":{\"a\":1}"))
        .isEqualTo(
            json(
                """
                {"messages":%s,"model":"m","tools":[1.50],"add_generation_prompt":false,
                 "continue_final_message":true,"chat_template_kwargs":{"a":1}}
                """
                    .formatted(MESSAGES)));
  }

  @Test
  void sendsFieldsThatTokenizeLacksAsTemplateArguments() {
    assertThat(
            chat(
                ",\"reasoning_effort\":\"none\",\"documents\":[{\"t\":\"d\"}],"
                    + "\"chat_template_kwargs\":{\"reasoning_effort\":\"low\",\"x\":[1]}"))
        .isEqualTo(
            json(
                """
                {"messages":%s,"chat_template_kwargs":{"reasoning_effort":"none","x":[1],
                 "documents":[{"t":"d"}],"enable_thinking":false}}
                """
                    .formatted(MESSAGES)));
  }

  @Test
  void keepsTheRequestsThinkingSwitch() {
    assertThat(
            chat(
                ",\"reasoning_effort\":\"high\","
                    + "\"chat_template_kwargs\":{\"enable_thinking\":false}"))
        .isEqualTo(
            json(
                """
                {"messages":%s,
                 "chat_template_kwargs":{"enable_thinking":false,"reasoning_effort":"high"}}
                """
                    .formatted(MESSAGES)));
  }

  @Test
  void doesNotHaveAnEngineFetchMedia() {
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":[%s]}]}";
    String text = "{\"type\":\"text\",\"text\":\"Hi\"}";
    String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://example.com/a\"}}";

    assertThat(of(Endpoint.CHAT_COMPLETIONS, body.formatted(text))).isNotNull();
    assertThat(of(Endpoint.CHAT_COMPLETIONS, body.formatted(text + "," + image))).isNull();
  }

  @Test
  void sendsTheFirstTextOfACompletion() {
    assertThat(
            of(
                Endpoint.COMPLETIONS,
                "{\"prompt\":[\"one\",\"two\"],\"echo\":true,\"add_special_tokens\":false}"))
        .isEqualTo(json("{\"add_special_tokens\":false,\"prompt\":\"one\"}"));
    assertThat(of(Endpoint.COMPLETIONS, "{\"prompt\":[[1,2]]}")).isNull();
    assertThat(of(Endpoint.COMPLETIONS, "{\"prompt\":[]}")).isNull();
    assertThat(of(Endpoint.RESPONSES, "{\"input\":\"Hi\"}")).isNull();
  }

  @FuzzTest(maxDuration = "20s")
  void writesValidJsonForAnyBody(byte[] body) {
    for (Endpoint endpoint : new Endpoint[] {Endpoint.CHAT_COMPLETIONS, Endpoint.COMPLETIONS}) {
      byte[] tokenizeBody = TokenizeBody.of(endpoint, body);
      if (tokenizeBody != null) {
        assertThat(tokenizeBody[0]).isEqualTo((byte) '{');
        assertThat(tokenizeBody[tokenizeBody.length - 1]).isEqualTo((byte) '}');
      }
    }
  }
}
