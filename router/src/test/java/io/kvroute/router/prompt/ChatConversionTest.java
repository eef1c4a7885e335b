package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.tokenizer.PromptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Expectations derived from vLLM 0.32's own conversions. */
class ChatConversionTest {

  private static JsonNode of(Endpoint endpoint, String body) throws PromptException {
    return json(new String(ChatConversion.of(endpoint, body.getBytes(UTF_8)), UTF_8));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void convertsAMessagesConversationWithTools() throws PromptException {
    JsonNode chat =
        of(
            Endpoint.MESSAGES,
            """
            {"model":"m","max_tokens":9,"system":[
              {"type":"text","text":"x-anthropic-billing-header: cc_version=2; cch=ab;"},
              {"type":"text","text":"Be "},
              {"type":"text","text":"brief.","cache_control":{"type":"ephemeral"}}],
             "tools":[{"name":"weather","description":"d","input_schema":{"type":"object"}}],
             "messages":[
              {"role":"user","content":"Weather?"},
              {"role":"assistant","content":[
                {"type":"thinking","thinking":"I should look.","signature":"s"},
                {"type":"text","text":"Let me look."},
                {"type":"tool_use","id":"t1","name":"weather","input":{"place":"Paris"}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"t1",
                 "content":[{"type":"text","text":"sunny"},{"type":"text","text":"warm"}]},
                {"type":"text","text":"So?"}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t2"}]}]}
            """);

    assertThat(chat)
        .isEqualTo(
            json(
                """
                {"model":"m","messages":[
                 {"role":"system","content":"Be brief."},
                 {"role":"user","content":"Weather?"},
                 {"role":"assistant","reasoning":"I should look.",
                  "tool_calls":[{"id":"t1","type":"function",
                   "function":{"name":"weather","arguments":"{\\"place\\":\\"Paris\\"}"}}],
                  "content":"Let me look."},
                 {"role":"tool","tool_call_id":"t1","content":"sunny\\nwarm"},
                 {"role":"user","content":"So?"},
                 {"role":"tool","tool_call_id":"t2","content":""}],
                 "tools":[{"type":"function","function":
                  {"name":"weather","description":"d","parameters":{"type":"object"}}}]}
                """));
  }

  @Test
  void convertsImagesOfTheMessagesApi() throws PromptException {
    JsonNode chat =
        of(
            Endpoint.MESSAGES,
            """
            {"messages":[{"role":"user","content":[{"type":"text","text":"See:"},
             {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA"}},
             {"type":"image","source":{"type":"url","url":"http://example.com/a"}}]}]}
            """);

    assertThat(chat)
        .isEqualTo(
            json(
                """
                {"messages":[{"role":"user","content":[{"type":"text","text":"See:"},
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},
                 {"type":"image_url","image_url":{"url":"http://example.com/a"}}]}]}
                """));
  }

  @Test
  void convertsResponsesItemsToMessages() throws PromptException {
    JsonNode chat =
        of(
            Endpoint.RESPONSES,
            """
            {"model":"m","instructions":"Be brief.","tools":[],"input":[
             {"role":"user","content":[{"type":"input_text","text":"Weather?"}]},
             {"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm."}]},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Wait"}]},
             {"type":"function_call","call_id":"c1","name":"weather","arguments":"{}"},
             {"type":"function_call","call_id":"c2","name":"time","arguments":"{}"},
             {"type":"function_call_output","call_id":"c1","output":"sunny"},
             {"role":"user","content":"And?"},
             {"type":"message","role":"assistant","status":"incomplete",
              "content":[{"type":"output_text","text":"It"}]}]}
            """);

    assertThat(chat)
        .isEqualTo(
            json(
                """
                {"model":"m","messages":[
                 {"role":"system","content":"Be brief."},
                 {"role":"user","content":[{"type":"text","text":"Weather?"}]},
                 {"role":"assistant","reasoning":"Hm.","content":"Wait","tool_calls":[
                  {"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}},
                  {"id":"c2","type":"function","function":{"name":"time","arguments":"{}"}}]},
                 {"role":"tool","content":"sunny","tool_call_id":"c1"},
                 {"role":"user","content":"And?"},
                 {"role":"assistant","content":"It"}],
                 "add_generation_prompt":false,"continue_final_message":true}
                """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"input\":\"Hi\",\"previous_response_id\":\"r\"}",
        "{\"input\":\"Hi\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}",
        "{\"input\":\"Hi\",\"reasoning\":{\"effort\":\"low\"}}",
        "{\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]}",
        "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]}",
        "{\"input\":[{\"type\":\"reasoning\",\"encrypted_content\":\"x\"}]}",
        "{\"input\":[7]}",
        "{\"input\":[\"Hi\"]}",
      })
  void rejectsResponsesThatCannotBeConverted(String body) {
    assertThatThrownBy(() -> of(Endpoint.RESPONSES, body)).isInstanceOf(PromptException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[{\"role\":\"system\",\"content\":\"Hi\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\"}]}]}",
        "{\"messages\":[],\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]}",
        "{\"messages\":[7]}",
      })
  void rejectsMessagesThatCannotBeConverted(String body) {
    assertThatThrownBy(() -> of(Endpoint.MESSAGES, body)).isInstanceOf(PromptException.class);
  }

  @FuzzTest(maxDuration = "20s")
  void convertsOrRejectsAnyBody(byte[] body) {
    for (Endpoint endpoint : new Endpoint[] {Endpoint.MESSAGES, Endpoint.RESPONSES}) {
      try {
        assertThat(ChatConversion.of(endpoint, body)).startsWith((byte) '{');
      } catch (PromptException e) {
        assertThat(e).hasMessageContaining("not made into a chat request");
      }
    }
  }
}
