package io.kvroute.tokenizer.jinja.values;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jinja's {@code namespace}: the only value that a template can change. Lives for one rendering.
 */
public final class Namespace implements HasAttributes {

  private final Map<String, Value> attributes = new LinkedHashMap<>();

  @Override
  public @Nullable Value attribute(String name, Render render) {
    return attributes.get(name);
  }

  public void set(String name, Value value) {
    if (name.startsWith("_")) {
      throw EvaluationException.error(
          "SecurityError: Chat templates cannot store underscore-prefixed attributes on a"
              + " namespace, but got '"
              + name
              + "'. Please rename the attribute.");
    }
    attributes.put(name, value);
  }

  Map<String, Value> attributes() {
    return attributes;
  }
}
