package io.kvroute.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.ParityCorpus;
import io.kvroute.tokenizer.jinja.ContentFormat;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Compares the messages and arguments with those after vLLM's own parsing, for both content
 * formats.
 */
class ConversationTest {

  @ParameterizedTest
  @EnumSource(ContentFormat.class)
  void readsMessagesAsTheEngineDoes(ContentFormat format) throws Exception {
    ParityCorpus corpus = ParityCorpus.open();
    Map<String, JsonNode> requests = new HashMap<>();
    for (JsonNode line : corpus.lines("cases.jsonl")) {
      requests.put(line.path("id").asString(), line.path("request"));
    }
    List<String> differences = new ArrayList<>();
    String file = "golden/intermediate_" + format.name().toLowerCase(Locale.ROOT) + ".jsonl";
    int compared = 0;
    for (JsonNode golden : corpus.lines(file)) {
      String id = golden.path("case").asString();
      compared++;
      Value.Dict body =
          (Value.Dict) JsonValues.parse(Objects.requireNonNull(requests.get(id)).toString());
      ChatRequest request = ChatRequest.of(body);
      List<Value.Dict> conversation =
          Conversation.of(request.messages(), new ContentReader(format, null));
      TemplateKwargs kwargs =
          TemplateKwargs.of(request, new Value.Dict(new LinkedHashMap<>()), request.tools());
      compare(
          id + " messages",
          golden.path("conversation"),
          new Value.ListOf(List.copyOf(conversation), false),
          differences);
      for (Map.Entry<String, JsonNode> argument : golden.path("kwargs").properties()) {
        if (argument.getKey().equals("chat_template")) {
          continue;
        }
        compare(
            id + " " + argument.getKey(),
            argument.getValue(),
            kwargs.all().getOrDefault(argument.getKey(), Value.None.NONE),
            differences);
      }
    }
    assertThat(differences).isEmpty();
    assertThat(compared).isGreaterThan(100);
  }

  /** Compares printed forms, because the order of keys matters. */
  private static void compare(String what, JsonNode golden, Value actual, List<String> differences)
      throws Exception {
    String expected = String.valueOf(JsonValues.parse(golden.toString()));
    if (!expected.equals(String.valueOf(actual))) {
      differences.add(what + ": " + actual + ", expected " + expected);
    }
  }
}
