package io.kvroute.router.openai;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An error in OpenAI's format with vLLM's type names: {@code
 * {"error":{"message","type","param","code"}}}.
 *
 * @param status HTTP status, also used as {@code code}
 * @param type such as {@code BadRequestError}
 * @param param the invalid field of the request, if there is one
 */
public record ApiError(int status, String message, String type, @Nullable String param) {

  private static final JsonMapper MAPPER = new JsonMapper();

  /** The response body. */
  public byte[] toJson() {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("message", message).put("type", type).put("param", param).put("code", status);
    return MAPPER.writeValueAsBytes(JsonNodeFactory.instance.objectNode().set("error", error));
  }

  /** The error as the last event of a stream that has already begun. */
  public byte[] toSseEvent() {
    byte[] json = toJson();
    byte[] event = new byte[json.length + 8];
    byte[] field = {'d', 'a', 't', 'a', ':', ' '};
    System.arraycopy(field, 0, event, 0, field.length);
    System.arraycopy(json, 0, event, field.length, json.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }
}
