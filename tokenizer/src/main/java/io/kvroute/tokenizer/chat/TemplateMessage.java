package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.jinja.values.Value;
import java.util.Map;

/**
 * Converts a message to the form in which transformers passes it to the template: keys without a
 * value are left out, and the reasoning gets every name by which templates know it (5.23, {@code
 * apply_chat_template} and {@code _alias_reasoning_fields}).
 */
final class TemplateMessage {

  private TemplateMessage() {}

  static Value.Dict of(Value.Dict message) {
    Value reasoning = Dicts.present(message, "reasoning_content");
    if (reasoning == null && !message.entries().containsValue(Value.None.NONE)) {
      return message;
    }
    Dicts.Builder result = new Dicts.Builder();
    result.putIfPresent("thinking", reasoning);
    for (Map.Entry<Value, Value> entry : message.entries().entrySet()) {
      if (entry.getValue() != Value.None.NONE && entry.getKey() instanceof Value.Str key) {
        result.put(key.value(), entry.getValue());
      }
    }
    return result.build();
  }
}
