package io.kvroute.router.prompt;

import io.kvroute.tokenizer.PromptException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts {@code /v1/responses} to a chat request, as vLLM 0.32 does ({@code
 * construct_input_messages} in {@code responses/utils.py}). Rejects requests that refer to earlier
 * responses, which only the engine stores, and requests with tools or reasoning options, which
 * vLLM's releases render differently.
 */
final class ResponsesConversion {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final String[] UNSUPPORTED = {
    "previous_response_id",
    "conversation",
    "prompt",
    "tools",
    "reasoning",
    "chat_template",
    "chat_template_kwargs",
    "previous_input_messages"
  };

  private ResponsesConversion() {}

  static ObjectNode chat(JsonNode request) throws PromptException {
    for (String name : UNSUPPORTED) {
      JsonNode value = request.path(name);
      if (!value.isMissingNode() && !value.isNull() && !(value.isContainer() && value.isEmpty())) {
        throw ChatConversion.unsupported("a response with " + name);
      }
    }
    ObjectNode chat = NODES.objectNode();
    ChatConversion.copy(request, chat, "model");
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
          throw ChatConversion.unsupported("encrypted reasoning");
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
              .put("content", ChatConversion.text(item, "output"))
              .put("tool_call_id", ChatConversion.text(item, "call_id"));
      default -> throw ChatConversion.unsupported("an item of type " + type);
    }
  }

  private static void message(JsonNode item, ArrayNode messages) throws PromptException {
    String role = ChatConversion.text(item, "role");
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
      if (!ChatConversion.text(part, "type").equals("input_text")) {
        throw ChatConversion.unsupported("input of type " + part.path("type").asString());
      }
      parts.addObject().put("type", "text").put("text", ChatConversion.text(part, "text"));
    }
  }

  private static void toolCall(JsonNode item, ArrayNode messages) throws PromptException {
    if (item.path("namespace").isString()) {
      throw ChatConversion.unsupported("a call of a tool in a namespace");
    }
    ObjectNode last = lastAssistant(messages);
    ObjectNode message = last == null ? messages.addObject().put("role", "assistant") : last;
    ObjectNode call = message.withArray("tool_calls").addObject();
    call.put("id", ChatConversion.text(item, "call_id")).put("type", "function");
    call.putObject("function")
        .put("name", ChatConversion.text(item, "name"))
        .put("arguments", ChatConversion.text(item, "arguments"));
  }

  /**
   * The assistant message that receives {@code field}: the last message if it has no such field
   * yet, else a new one.
   */
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
