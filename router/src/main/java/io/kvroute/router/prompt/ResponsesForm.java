package io.kvroute.router.prompt;

import io.kvroute.tokenizer.PromptException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /v1/responses} as a chat request (vLLM 0.32, {@code responses/utils.py}, {@code
 * construct_input_messages}). What the engine keeps of former responses is not known here, and how
 * it writes tools and the effort of reasoning changed between its releases; such requests have no
 * such form.
 */
final class ResponsesForm {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final String[] NOT_ESTABLISHED = {
    "previous_response_id",
    "conversation",
    "prompt",
    "tools",
    "reasoning",
    "chat_template",
    "chat_template_kwargs",
    "previous_input_messages"
  };

  private ResponsesForm() {}

  static ObjectNode chat(JsonNode request) throws PromptException {
    for (String name : NOT_ESTABLISHED) {
      JsonNode value = request.path(name);
      if (!value.isMissingNode() && !value.isNull() && !(value.isContainer() && value.isEmpty())) {
        throw ChatForm.none("a response with " + name);
      }
    }
    ObjectNode chat = NODES.objectNode();
    ChatForm.copy(request, chat, "model");
    ArrayNode messages = chat.putArray("messages");
    String instructions = request.path("instructions").asString("");
    if (!instructions.isEmpty()) {
      messages.addObject().put("role", "system").put("content", instructions);
    }
    JsonNode input = request.path("input");
    if (input.isString()) {
      messages.addObject().put("role", "user").set("content", input);
      return chat;
    }
    for (JsonNode item : input) {
      item(item, messages);
    }
    if (isUnfinished(input.path(input.size() - 1))) {
      chat.put("add_generation_prompt", false).put("continue_final_message", true);
    }
    return chat;
  }

  private static boolean isUnfinished(JsonNode last) {
    String type = last.path("type").asString("message");
    String status = last.path("status").asString("");
    return (type.equals("message") || type.equals("reasoning"))
        && (status.equals("in_progress") || status.equals("incomplete"));
  }

  private static void item(JsonNode item, ArrayNode messages) throws PromptException {
    String type = item.path("type").asString("message");
    switch (type) {
      case "message" -> message(item, messages);
      case "reasoning" -> {
        if (item.path("encrypted_content").isString()) {
          throw ChatForm.none("encrypted reasoning");
        }
        JsonNode from =
            item.path("content").isEmpty() ? item.path("summary") : item.path("content");
        assistant(messages, "reasoning").put("reasoning", from.path(0).path("text").asString(""));
      }
      case "function_call" -> toolCall(item, messages);
      case "function_call_output" ->
          messages
              .addObject()
              .put("role", "tool")
              .put("content", ChatForm.text(item, "output"))
              .put("tool_call_id", ChatForm.text(item, "call_id"));
      default -> throw ChatForm.none("an item of type " + type);
    }
  }

  private static void message(JsonNode item, ArrayNode messages) throws PromptException {
    String role = ChatForm.text(item, "role");
    JsonNode content = item.path("content");
    if (role.equals("assistant")) {
      String text =
          content.isString() ? content.asString() : content.path(0).path("text").asString("");
      assistant(messages, "content").put("content", text);
      return;
    }
    ObjectNode message = messages.addObject().put("role", role);
    if (content.isString()) {
      message.set("content", content);
      return;
    }
    ArrayNode parts = message.putArray("content");
    for (JsonNode part : content) {
      if (!ChatForm.text(part, "type").equals("input_text")) {
        throw ChatForm.none("input of type " + part.path("type").asString());
      }
      parts.addObject().put("type", "text").put("text", ChatForm.text(part, "text"));
    }
  }

  private static void toolCall(JsonNode item, ArrayNode messages) throws PromptException {
    if (item.path("namespace").isString()) {
      throw ChatForm.none("a call of a tool in a namespace");
    }
    ObjectNode last = lastAssistant(messages);
    ObjectNode message = last == null ? messages.addObject().put("role", "assistant") : last;
    ObjectNode call = message.withArray("tool_calls").addObject();
    call.put("id", ChatForm.text(item, "call_id")).put("type", "function");
    call.putObject("function")
        .put("name", ChatForm.text(item, "name"))
        .put("arguments", ChatForm.text(item, "arguments"));
  }

  /** The assistant's message that goes on with {@code field}: the last one if it has none yet. */
  private static ObjectNode assistant(ArrayNode messages, String field) {
    ObjectNode last = lastAssistant(messages);
    return last == null || last.has(field) ? messages.addObject().put("role", "assistant") : last;
  }

  private static @Nullable ObjectNode lastAssistant(ArrayNode messages) {
    return !messages.isEmpty()
            && messages.get(messages.size() - 1) instanceof ObjectNode last
            && last.path("role").asString().equals("assistant")
        ? last
        : null;
  }
}
