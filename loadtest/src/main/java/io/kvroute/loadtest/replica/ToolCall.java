package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool call as an answer. It calls the function that the request names or, if the request only
 * requires some call, its first function. Arguments are constants that fit the function's schema.
 *
 * @param name name of the function
 * @param arguments a JSON object
 */
record ToolCall(String name, String arguments) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** The call that a chat request requires; null if it leaves the choice to the model. */
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

  /**
   * The text with which Qwen models write a call; their template writes the same in later turns.
   */
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

  /** Writes JSON as Python does, with a space after commas and colons. */
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
