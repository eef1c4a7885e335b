package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts the tools of a request to the form that templates see, pydantic's dump of vLLM's types:
 * a fixed order of keys, {@code None} for missing keys, unknown keys dropped (vLLM 0.33, {@code
 * ChatCompletionToolsParam} and {@code FunctionDefinition}).
 */
final class ToolDefinitions {

  private static final Value.Str FUNCTION = new Value.Str("function");

  private ToolDefinitions() {}

  /** The tools; null if the request names none. */
  static Value.@Nullable ListOf of(Value.Dict request) throws ChatException {
    Value tools = Dicts.present(request, "tools");
    if (tools == null) {
      return null;
    }
    if (!(tools instanceof Value.ListOf list)) {
      throw refused("tools", "a list");
    }
    if (list.items().isEmpty()) {
      throw refused("tools", "at least one, or no such field");
    }
    List<Value> dumped = new ArrayList<>(list.items().size());
    for (Value tool : list.items()) {
      dumped.add(tool(tool));
    }
    return new Value.ListOf(dumped, false);
  }

  private static Value tool(Value value) throws ChatException {
    if (!(value instanceof Value.Dict tool)
        || !(Dicts.get(tool, "function") instanceof Value.Dict function)) {
      throw refused("tools", "objects with a function");
    }
    if (!Dicts.hasEncodableKeys(tool) || !Dicts.hasEncodableKeys(function)) {
      throw refused("tools", "names without lone surrogates");
    }
    Value type = Dicts.get(tool, "type");
    if (type != null && !type.equals(FUNCTION)) {
      throw refused("tools.type", "function");
    }
    Value deferLoading = optionalBool(tool, "defer_loading");
    Dicts.Builder dumped = new Dicts.Builder();
    dumped.put("type", FUNCTION);
    dumped.put("function", function(function, deferLoading));
    dumped.putIfPresent("defer_loading", deferLoading);
    return dumped.build();
  }

  private static Value function(Value.Dict function, @Nullable Value deferLoadingOfTool)
      throws ChatException {
    if (!(Dicts.get(function, "name") instanceof Value.Str name)) {
      throw refused("tools.function.name", "a string");
    }
    Value description = Dicts.present(function, "description");
    if (description != null && !(description instanceof Value.Str)) {
      throw refused("tools.function.description", "a string");
    }
    Value parameters = Dicts.present(function, "parameters");
    if (parameters != null && !(parameters instanceof Value.Dict)) {
      throw refused("tools.function.parameters", "an object");
    }
    Value deferLoading = optionalBool(function, "defer_loading");
    return new Dicts.Builder()
        .put("name", name)
        .put("description", description == null ? Value.None.NONE : description)
        .put("parameters", parameters == null ? Value.None.NONE : parameters)
        .putIfPresent("strict", optionalBool(function, "strict"))
        .putIfPresent("defer_loading", deferLoading == null ? deferLoadingOfTool : deferLoading)
        .build();
  }

  private static @Nullable Value optionalBool(Value.Dict dict, String key) throws ChatException {
    Value value = Dicts.present(dict, key);
    if (value == null) {
      return null;
    }
    Boolean read = Shape.laxBool(value);
    if (read == null) {
      throw refused("tools." + key, "a boolean");
    }
    return new Value.Bool(read);
  }

  private static ChatException refused(String field, String expected) {
    return new ChatException(Stage.REQUEST, field + ": (expected: " + expected + ")");
  }
}
