package io.kvroute.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The layers that override the file: flags first, then {@code KVROUTE_*} variables. The variable of
 * property {@code a.b-c} is {@code KVROUTE_A_B_C}; several values in it are separated by spaces.
 * Variables that name no property are ignored, because a Kubernetes Service called kvroute creates
 * some.
 *
 * @param environment variables by name
 * @param flags values by property
 */
record Layers(Map<String, String> environment, Map<String, Flag> flags) {

  static final Layers NONE = new Layers(Map.of(), Map.of());

  /**
   * A flag as given.
   *
   * @param name the flag itself, such as {@code --replica}
   */
  record Flag(String name, List<String> values) {}

  /** The layer that a value comes from. */
  enum Origin {
    FILE,
    VARIABLE,
    FLAG
  }

  /**
   * A value and its source.
   *
   * @param property its path within the source; empty if a flag is the whole source
   */
  record Found(String source, String property, JsonNode node, Origin origin) {
    Found item(int index, JsonNode item) {
      return property.isEmpty()
          ? new Found(source, property, item, origin)
          : new Found(source, property + "[" + index + "]", item, origin);
    }

    /** Whether every value is text, as in variables and flags. */
    boolean isText() {
      return origin != Origin.FILE;
    }

    /** The single values of a list. */
    List<Found> items() {
      if (origin == Origin.VARIABLE) {
        return items(nodeOf(List.of(node.asString().strip().split("\\s+"))));
      }
      return items(node);
    }

    private List<Found> items(JsonNode values) {
      if (!values.isArray()) {
        return List.of(new Found(source, property, values, origin));
      }
      List<Found> items = new ArrayList<>();
      for (JsonNode value : values) {
        items.add(item(items.size(), value));
      }
      return items;
    }
  }

  @Nullable Found find(String property) {
    Flag flag = flags.get(property);
    if (flag != null) {
      return new Found(flag.name(), "", nodeOf(flag.values()), Origin.FLAG);
    }
    String variable = variable(property);
    String value = environment.get(variable);
    if (value == null || value.isBlank()) {
      return null;
    }
    return new Found(variable, property, nodeOf(List.of(value.strip())), Origin.VARIABLE);
  }

  static String variable(String property) {
    return "KVROUTE_" + property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static JsonNode nodeOf(List<String> values) {
    if (values.size() == 1) {
      return JsonNodeFactory.instance.stringNode(values.getFirst());
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    values.forEach(all::add);
    return all;
  }
}
