package io.kvroute.router.prompt;

import io.kvroute.tokenizer.PromptException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts {@code /v1/messages} to a chat request, as vLLM 0.32 does ({@code
 * AnthropicServingMessages._convert_anthropic_to_openai_request}). Rejects system messages among
 * the others, which vLLM's releases place differently, images in tool results, tool references, and
 * the provider's own tools.
 */
final class MessagesConversion {

  /**
   * Claude Code sends such a system block with different content in each request; the engine drops
   * it.
   */
  static final String BILLING_HEADER = "x-anthropic-billing-header";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private MessagesConversion() {}

  static ObjectNode chat(JsonNode request) throws PromptException {
    ObjectNode chat = NODES.objectNode();
    ChatConversion.copy(request, chat, "model", "chat_template_kwargs");
    ArrayNode messages = chat.putArray("messages");
    system(request.path("system"), messages);
    for (JsonNode message : request.path("messages")) {
      message(message, messages);
    }
    JsonNode effort = request.path("output_config").path("effort");
    if (effort.isString()) {
      chat.set("reasoning_effort", effort);
    }
    if (!request.path("tools").isEmpty()) {
      ArrayNode tools = chat.putArray("tools");
      for (JsonNode tool : request.path("tools")) {
        tools.add(tool(tool));
      }
      if (request.path("tool_choice").path("type").asString("").equals("none")) {
        chat.put("tool_choice", "none");
      }
    }
    return chat;
  }

  private static void system(JsonNode system, ArrayNode messages) throws PromptException {
    StringBuilder text = new StringBuilder();
    if (system.isString()) {
      text.append(system.asString());
    }
    for (JsonNode block : system) {
      String part = block.path("text").asString("");
      if (!part.startsWith(BILLING_HEADER)) {
        text.append(part);
      }
    }
    if (!text.isEmpty()) {
      messages.addObject().put("role", "system").put("content", text.toString());
    }
  }

  private static void message(JsonNode message, ArrayNode messages) throws PromptException {
    String role = ChatConversion.text(message, "role");
    if (!role.equals("user") && !role.equals("assistant")) {
      throw ChatConversion.unsupported("a message of role " + role);
    }
    ObjectNode made = NODES.objectNode().put("role", role);
    JsonNode content = message.path("content");
    if (content.isString()) {
      made.set("content", content);
    } else {
      blocks(content, role.equals("user"), made, messages);
    }
    if (made.has("content") || !role.equals("user")) {
      messages.add(made);
    }
  }

  /**
   * Converts content blocks. Each tool result becomes a message of its own, before the message that
   * contains it.
   */
  private static void blocks(JsonNode blocks, boolean user, ObjectNode made, ArrayNode messages)
      throws PromptException {
    StringBuilder reasoning = new StringBuilder();
    boolean thinks = false;
    ArrayNode toolCalls = NODES.arrayNode();
    ArrayNode parts = NODES.arrayNode();
    for (JsonNode block : blocks) {
      switch (ChatConversion.text(block, "type")) {
        case "text" -> {
          if (!block.path("text").asString("").isEmpty()) {
            parts.addObject().put("type", "text").set("text", block.get("text"));
          }
        }
        case "image" -> parts.add(image(block.path("source")));
        case "thinking" -> {
          thinks = true;
          reasoning.append(block.path("thinking").asString(""));
        }
        case "redacted_thinking" -> {}
        case "tool_use" -> toolCalls.add(toolCall(block));
        case "tool_result" -> {
          if (!user) {
            throw ChatConversion.unsupported("a tool's result from the assistant");
          }
          messages.add(toolResult(block));
        }
        case String other -> throw ChatConversion.unsupported("a block of type " + other);
      }
    }
    if (thinks) {
      made.put("reasoning", reasoning.toString());
    }
    if (!toolCalls.isEmpty()) {
      made.set("tool_calls", toolCalls);
    }
    if (parts.size() == 1 && parts.get(0).has("text")) {
      made.set("content", parts.get(0).get("text"));
    } else if (!parts.isEmpty()) {
      made.set("content", parts);
    }
  }

  private static ObjectNode image(JsonNode source) {
    String url =
        source.path("type").asString("").equals("url")
            ? source.path("url").asString("")
            : "data:%s;base64,%s"
                .formatted(
                    source.path("media_type").asString("image/jpeg"),
                    source.path("data").asString(""));
    ObjectNode part = NODES.objectNode().put("type", "image_url");
    part.putObject("image_url").put("url", url);
    return part;
  }

  private static ObjectNode toolCall(JsonNode block) throws PromptException {
    ObjectNode call = NODES.objectNode();
    call.put("id", ChatConversion.text(block, "id")).put("type", "function");
    JsonNode input = block.path("input");
    call.putObject("function")
        .put("name", ChatConversion.text(block, "name"))
        .put("arguments", input.isEmpty() ? "{}" : input.toString());
    return call;
  }

  private static ObjectNode toolResult(JsonNode block) throws PromptException {
    StringBuilder text = new StringBuilder();
    JsonNode content = block.path("content");
    if (content.isString()) {
      text.append(content.asString());
    }
    boolean first = true;
    for (JsonNode item : content) {
      if (!ChatConversion.text(item, "type").equals("text")) {
        throw ChatConversion.unsupported("a tool's result with more than text");
      }
      text.append(first ? "" : "\n").append(item.path("text").asString(""));
      first = false;
    }
    return NODES
        .objectNode()
        .put("role", "tool")
        .put("tool_call_id", ChatConversion.text(block, "tool_use_id"))
        .put("content", text.toString());
  }

  private static ObjectNode tool(JsonNode tool) throws PromptException {
    JsonNode schema = tool.path("input_schema");
    if (!schema.has("type")) {
      throw ChatConversion.unsupported("a tool without an input_schema that names its type");
    }
    ObjectNode made = NODES.objectNode().put("type", "function");
    ObjectNode function = made.putObject("function").put("name", ChatConversion.text(tool, "name"));
    ChatConversion.copy(tool, function, "description");
    function.set("parameters", schema);
    return made;
  }
}
