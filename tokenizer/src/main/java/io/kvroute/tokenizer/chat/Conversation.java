package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Converts the messages of a request to those that its template sees (vLLM 0.33, {@code
 * _parse_chat_message_content} and {@code _postprocess_messages}).
 */
final class Conversation {

  private Conversation() {}

  static List<Value.Dict> of(List<MessageShapes.Valid> messages, ContentReader reader)
      throws ChatException {
    List<Value.Dict> conversation = new ArrayList<>(messages.size());
    for (MessageShapes.Valid message : messages) {
      conversation.add(message(message, reader));
    }
    return conversation;
  }

  private static Value.Dict message(MessageShapes.Valid message, ContentReader reader)
      throws ChatException {
    Value.Dict fields = message.fields();
    String role = Dicts.get(fields, "role") instanceof Value.Str str ? str.value() : "";
    if (Dicts.get(fields, "reasoning") instanceof Value.Dict reasoning
        && Dicts.isText(Dicts.get(reasoning, "type"), "prompt_embeds")) {
      throw new ChatException(Stage.PARSE, "reasoning: prompt_embeds (expected: a string)");
    }
    Dicts.Builder result =
        new Dicts.Builder()
            .put("role", new Value.Str(role))
            .put("content", reader.read(role, message));
    if (role.equals("assistant")) {
      addCallsAndReasoning(fields, result);
    } else if (role.equals("tool")) {
      result.putIfPresent("tool_call_id", Dicts.get(fields, "tool_call_id"));
    }
    if (Dicts.get(fields, "name") instanceof Value.Str name) {
      result.put("name", name);
    }
    if (Dicts.get(fields, "task") instanceof Value.Str task) {
      result.put("task", task);
    }
    if (role.equals("developer")) {
      Value tools = Dicts.get(fields, "tools");
      result.put("tools", tools == null ? Value.None.NONE : tools);
    }
    return result.build();
  }

  private static void addCallsAndReasoning(Value.Dict fields, Dicts.Builder result)
      throws ChatException {
    if (Dicts.present(fields, "tool_calls") instanceof Value.ListOf calls
        && !calls.items().isEmpty()) {
      result.put("tool_calls", ToolCalls.withParsedArguments(calls));
    }
    Value reasoning = Dicts.present(fields, "reasoning");
    result.putIfPresent("reasoning", reasoning);
    result.putIfPresent("reasoning_content", reasoning);
  }
}
