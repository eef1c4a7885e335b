package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Handles the role {@code developer} for templates that do not know it: like vLLM, turns its
 * messages into system messages, and then merges all system messages into one at the front (0.33,
 * {@code renderers/hf.py}).
 */
final class DeveloperRole {

  private DeveloperRole() {}

  static boolean isKnownTo(String template) {
    return template.contains("\"developer\"") || template.contains("'developer'");
  }

  static List<Value.Dict> replacedBySystem(List<Value.Dict> conversation) throws ChatException {
    boolean any = false;
    List<Value.Dict> converted = new ArrayList<>(conversation.size());
    for (Value.Dict message : conversation) {
      if (Dicts.isText(Dicts.get(message, "role"), "developer")) {
        any = true;
        converted.add(
            new Dicts.Builder(message)
                .put("role", new Value.Str("system"))
                .remove("tools")
                .build());
      } else {
        converted.add(message);
      }
    }
    return any ? withOneSystemMessage(converted) : conversation;
  }

  private static List<Value.Dict> withOneSystemMessage(List<Value.Dict> conversation)
      throws ChatException {
    List<String> contents = new ArrayList<>();
    List<Value.Dict> merged = new ArrayList<>(conversation.size());
    boolean needed = false;
    for (int i = 0; i < conversation.size(); i++) {
      Value.Dict message = conversation.get(i);
      if (Dicts.isText(Dicts.get(message, "role"), "system")) {
        needed |= i > 0;
        String content = text(Dicts.get(message, "content"));
        if (!content.isEmpty()) {
          contents.add(content);
        }
      } else {
        merged.add(message);
      }
    }
    if (!needed) {
      return conversation;
    }
    merged.addFirst(
        new Dicts.Builder()
            .put("role", new Value.Str("system"))
            .put("content", new Value.Str(String.join("\n\n", contents)))
            .build());
    return merged;
  }

  private static String text(@Nullable Value content) throws ChatException {
    if (content instanceof Value.Str text) {
      return text.value();
    }
    List<String> texts = new ArrayList<>();
    if (content instanceof Value.ListOf parts) {
      for (Value part : parts.items()) {
        Value text = part instanceof Value.Dict dict ? Dicts.get(dict, "text") : null;
        if (text instanceof Value.Str str) {
          texts.add(str.value());
        } else if (text != null) {
          throw new ChatException(
              Stage.RENDER, "system message: a text that is not a string (expected: a string)");
        }
      }
    }
    return String.join("\n", texts);
  }
}
