package io.kvroute.router.prompt;

import io.kvroute.router.openai.Endpoint;
import io.kvroute.tokenizer.PromptException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts requests of other APIs to chat requests, as vLLM does before it renders them. Rejects a
 * request where vLLM's own conversion is not known for certain.
 */
final class ChatConversion {

  private static final JsonMapper MAPPER = new JsonMapper();

  private ChatConversion() {}

  /**
   * The equivalent body for the chat endpoint; a completion's body stays unchanged.
   *
   * @throws PromptException if the request cannot be converted
   */
  static byte[] of(Endpoint endpoint, byte[] body) throws PromptException {
    if (endpoint == Endpoint.CHAT_COMPLETIONS || endpoint == Endpoint.COMPLETIONS) {
      return body;
    }
    try {
      JsonNode request = MAPPER.readTree(body);
      return MAPPER.writeValueAsBytes(
          endpoint == Endpoint.MESSAGES
              ? MessagesConversion.chat(request)
              : ResponsesConversion.chat(request));
    } catch (JacksonException e) {
      throw unsupported("invalid JSON (" + e.getOriginalMessage() + ")");
    }
  }

  /** Copies members that mean the same in both APIs. */
  static void copy(JsonNode from, ObjectNode to, String... names) {
    for (String name : names) {
      JsonNode value = from.get(name);
      if (value != null && !value.isNull()) {
        to.set(name, value);
      }
    }
  }

  /** A required string member. */
  static String text(JsonNode object, String name) throws PromptException {
    JsonNode value = object.path(name);
    if (!value.isString()) {
      throw unsupported("an object without " + name);
    }
    return value.asString();
  }

  static PromptException unsupported(String what) {
    return new PromptException(
        PromptException.Stage.REQUEST, what + " cannot be converted to a chat request");
  }
}
