package io.kvroute.router.prompt;

import io.kvroute.router.openai.Endpoint;
import io.kvroute.tokenizer.PromptException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests of the other APIs in the form of chat requests, as vLLM brings them there before it
 * renders them. Where it is not certain how it does, there is no such form.
 */
final class ChatForm {

  private static final JsonMapper MAPPER = new JsonMapper();

  private ChatForm() {}

  /**
   * The body that the chat endpoint would get; that of a completion stays as it is.
   *
   * @throws PromptException where there is none
   */
  static byte[] of(Endpoint endpoint, byte[] body) throws PromptException {
    if (endpoint == Endpoint.CHAT_COMPLETIONS || endpoint == Endpoint.COMPLETIONS) {
      return body;
    }
    try {
      JsonNode request = MAPPER.readTree(body);
      return MAPPER.writeValueAsBytes(
          endpoint == Endpoint.MESSAGES ? MessagesForm.chat(request) : ResponsesForm.chat(request));
    } catch (JacksonException e) {
      throw none("its JSON (" + e.getOriginalMessage() + ")");
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

  /** A string that must be there. */
  static String text(JsonNode object, String name) throws PromptException {
    JsonNode value = object.path(name);
    if (!value.isString()) {
      throw none("one without " + name);
    }
    return value.asString();
  }

  static PromptException none(String what) {
    return new PromptException(
        PromptException.Stage.REQUEST, what + " is not made into a chat request here");
  }
}
