package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;

/** Checks {@code tool_choice} and refuses what vLLM refuses (0.33, {@code check_tool_usage}). */
final class ToolChoice {

  private ToolChoice() {}

  static void validate(Value.Dict body) throws ChatException {
    Value choice = Dicts.present(body, "tool_choice");
    if (choice == null || Dicts.isText(choice, "none")) {
      return;
    }
    if (!(Dicts.present(body, "tools") instanceof Value.ListOf tools)) {
      throw refused("tools beside it");
    }
    if (choice instanceof Value.Dict named) {
      if (!(Dicts.get(named, "function") instanceof Value.Dict function)
          || !(Dicts.get(function, "name") instanceof Value.Str name)
          || name.value().isEmpty()
          || !isNameOfOne(tools, name)) {
        throw refused("the name of one of the tools");
      }
      Value type = Dicts.get(named, "type");
      if ((type != null && !Dicts.isText(type, "function"))
          || !Dicts.hasEncodableKeys(named)
          || !Dicts.hasEncodableKeys(function)) {
        throw refused("a function by its name");
      }
    } else if (!Dicts.isText(choice, "auto") && !Dicts.isText(choice, "required")) {
      throw refused("none, auto, required or a named function");
    }
  }

  private static boolean isNameOfOne(Value.ListOf tools, Value.Str name) {
    for (Value tool : tools.items()) {
      if (tool instanceof Value.Dict dict
          && Dicts.get(dict, "function") instanceof Value.Dict function
          && name.equals(Dicts.get(function, "name"))) {
        return true;
      }
    }
    return false;
  }

  private static ChatException refused(String expected) {
    return new ChatException(Stage.REQUEST, "tool_choice: (expected: " + expected + ")");
  }
}
