package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts the arguments of tool calls from JSON text to dicts, as templates expect them. Text that
 * is not a JSON object becomes an empty dict; numbers that Python refuses to read are an error
 * (vLLM 0.33, {@code _postprocess_messages}).
 */
final class ToolCalls {

  private ToolCalls() {}

  static Value.ListOf withParsedArguments(Value.ListOf calls) throws ChatException {
    List<Value> parsed = new ArrayList<>(calls.items().size());
    for (Value value : calls.items()) {
      if (!(value instanceof Value.Dict call)
          || !(Dicts.get(call, "function") instanceof Value.Dict function)
          || !Dicts.isText(Dicts.get(call, "type"), "function")) {
        throw new ChatException(Stage.PARSE, "tool_calls: (expected: calls of type function)");
      }
      Value.Dict withDict =
          new Dicts.Builder(function)
              .put("arguments", arguments(Dicts.get(function, "arguments")))
              .build();
      parsed.add(new Dicts.Builder(call).put("function", withDict).build());
    }
    return new Value.ListOf(parsed, false);
  }

  private static Value arguments(@Nullable Value arguments) throws ChatException {
    if (arguments instanceof Value.Str text && !text.value().startsWith("\ufeff")) {
      try {
        if (JsonValues.parse(text.value()) instanceof Value.Dict dict) {
          return dict;
        }
      } catch (JsonException notJson) {
        if (notJson.isBeyondLimits()) {
          throw new ChatException(Stage.PARSE, "tool_calls.arguments: " + notJson.getMessage());
        }
        return new Value.Dict(new LinkedHashMap<>());
      }
    }
    return new Value.Dict(new LinkedHashMap<>());
  }
}
