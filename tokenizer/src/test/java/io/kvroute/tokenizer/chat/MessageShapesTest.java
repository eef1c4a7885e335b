package io.kvroute.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.ParityCorpus;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Compares random valid and invalid messages with what pydantic makes of them. */
class MessageShapesTest {

  @Test
  void readsMessagesAsPydanticDoes() throws Exception {
    List<String> differences = new ArrayList<>();
    List<JsonNode> goldens = ParityCorpus.bundledLines("pydantic-messages.jsonl");
    for (JsonNode golden : goldens) {
      String expected =
          golden.has("read") ? printed(golden.path("read")) : golden.path("stage").asString();
      String actual = outcome(JsonValues.parse(golden.path("message").toString()));
      if (!actual.equals(expected)) {
        differences.add(golden.path("message") + "\n  " + actual + "\n  expected " + expected);
      }
    }
    assertThat(differences).isEmpty();
    assertThat(goldens).hasSizeGreaterThan(1000);
  }

  private static String outcome(Value message) {
    MessageShapes.Valid valid = MessageShapes.read(message);
    if (valid == null) {
      return "request";
    }
    Value.Dict fields = valid.fields();
    if (!valid.partsChecked() && Dicts.get(fields, "content") instanceof Value.ListOf parts) {
      String role = Dicts.get(fields, "role") instanceof Value.Str str ? str.value() : "";
      List<Value> read = new ArrayList<>();
      for (Value part : parts.items()) {
        Shape.Match match = MessageShapes.partsOf(role).match(part);
        if (match == null) {
          return "parse";
        }
        read.add(match.value());
      }
      fields = new Dicts.Builder(fields).put("content", new Value.ListOf(read, false)).build();
    }
    return String.valueOf(fields);
  }

  private static String printed(JsonNode node) throws Exception {
    return String.valueOf(JsonValues.parse(node.toString()));
  }
}
