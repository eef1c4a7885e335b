package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.openai.Endpoint;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * A small request that shows whether the router renders and tokenizes a model's prompts as its
 * engine does. There are three of each kind, so that one odd result proves nothing.
 *
 * @param json the body without the model's name
 */
record SampleRequest(PromptKind kind, Endpoint endpoint, String json) {

  private static final String WEATHER =
      """
      {"type":"function","function":{"name":"get_weather","description":"Weather at a place.",
      "parameters":{"type":"object","properties":{"place":{"type":"string"},
      "days":{"type":"integer","description":"how far ahead"}},"required":["place"]}}}
      """;

  static final List<SampleRequest> ALL =
      List.of(
          chat(PromptKind.PLAIN, user("What is a radix tree?"), ""),
          chat(
              PromptKind.PLAIN,
              "{\"role\":\"system\",\"content\":\"Be brief.\"},"
                  + user("Grüße aus 東京 👋")
                  + assistant("Hello!")
                  + ","
                  + user("  Once more,\\n\\nplease.  "),
              ""),
          chat(
              PromptKind.PLAIN,
              user("1+1=?")
                  + assistant("2")
                  + ","
                  + user("2+2=?")
                  + assistant("4")
                  + ","
                  + user("?"),
              ""),
          chat(PromptKind.TOOLS, user("Weather in Paris?"), tools()),
          chat(
              PromptKind.TOOLS,
              "{\"role\":\"system\",\"content\":\"Use tools.\"}," + user("And tomorrow?"),
              tools()),
          chat(
              PromptKind.TOOLS,
              user("Weather in Paris?")
                  + """
                  ,{"role":"assistant","content":"","tool_calls":[{"id":"call00001",
                  "type":"function","function":{"name":"get_weather",
                  "arguments":"{\\"place\\": \\"Paris\\", \\"days\\": 1}"}}]},
                  {"role":"tool","tool_call_id":"call00001","content":"{\\"sky\\": \\"clear\\"}"}
                  """,
              tools()),
          chat(PromptKind.THINKING, user("Think."), thinking("true")),
          chat(PromptKind.THINKING, user("Do not think."), thinking("false")),
          chat(
              PromptKind.THINKING,
              user("1+1=?") + assistant("2") + "," + user("And doubled?"),
              thinking("false")),
          completion("Once upon a time"),
          completion("def main():\\n    print('Hello, world')\\n"),
          completion(" Grüße aus 東京 👋  "));

  byte[] body(String model) {
    String quoted = String.valueOf(JsonStringEncoder.getInstance().quoteAsCharArray(model));
    return ("{\"model\":\"" + quoted + "\"," + json.substring(1)).getBytes(UTF_8);
  }

  private static SampleRequest chat(PromptKind kind, String messages, String more) {
    return new SampleRequest(
        kind, Endpoint.CHAT_COMPLETIONS, "{\"messages\":[" + messages + "]" + more + "}");
  }

  private static SampleRequest completion(String prompt) {
    return new SampleRequest(
        PromptKind.COMPLETION, Endpoint.COMPLETIONS, "{\"prompt\":\"" + prompt + "\"}");
  }

  private static String user(String text) {
    return "{\"role\":\"user\",\"content\":\"" + text + "\"}";
  }

  private static String assistant(String text) {
    return ",{\"role\":\"assistant\",\"content\":\"" + text + "\"}";
  }

  private static String tools() {
    return ",\"tools\":[" + WEATHER + "]";
  }

  private static String thinking(String enabled) {
    return ",\"chat_template_kwargs\":{\"enable_thinking\":" + enabled + "}";
  }
}
