package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call that an answer consists of: of the function the request names, or of its first one where
 * it only says that one is required, with plain values for the arguments its schema describes.
 *
 * @param name of the function
 * @param arguments a JSON object
 */
record ToolCall(String name, String arguments) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** The call that a chat request asks for; null if it leaves the choice to the model. */
  static @Nullable ToolCall demandedBy(JsonNode request) throws VllmErrorException {
    JsonNode choice = request.path("tool_choice");
    boolean named = choice.isObject();
    if (!named && !choice.asString("").equals("required")) {
      return null;
    }
    String name = choice.path("function").path("name").asString("");
    for (JsonNode tool : request.path("tools")) {
      JsonNode function = tool.path("function");
      if (!named || function.path("name").asString("").equals(name)) {
        return new ToolCall(
            function.path("name").asString(""), arguments(function.path("parameters")));
      }
    }
    throw VllmErrorException.badRequest(
        "tool_choice",
        "The tool specified in `tool_choice` does not match any of the specified `tools`");
  }

  /** As models of Qwen's family write a call, and their template writes it in the next turn. */
  String generatedText() {
    return "<tool_call>\n{\"name\": %s, \"arguments\": %s}\n</tool_call>"
        .formatted(JSON.writeValueAsString(name), arguments);
  }

  private static String arguments(JsonNode schema) {
    ObjectNode arguments = JSON.createObjectNode();
    schema
        .path("properties")
        .properties()
        .forEach(property -> arguments.set(property.getKey(), value(property.getValue())));
    return spaced(arguments);
  }

  private static JsonNode value(JsonNode schema) {
    JsonNode options = schema.path("enum");
    if (!options.isEmpty()) {
      return options.get(0);
    }
    return switch (schema.path("type").asString("")) {
      case "integer", "number" -> JSON.getNodeFactory().numberNode(1);
      case "boolean" -> JSON.getNodeFactory().booleanNode(true);
      case "array" -> JSON.createArrayNode();
      case "object" -> JSON.createObjectNode();
      default -> JSON.getNodeFactory().stringNode("value");
    };
  }

  /** With a space after commas and colons, as Python prints JSON. */
  private static String spaced(JsonNode node) {
    if (!node.isObject()) {
      return node.toString();
    }
    StringBuilder out = new StringBuilder("{");
    node.properties()
        .forEach(
            property ->
                out.append(out.length() > 1 ? ", " : "")
                    .append(JSON.writeValueAsString(property.getKey()))
                    .append(": ")
                    .append(spaced(property.getValue())));
    return out.append('}').toString();
  }
}
