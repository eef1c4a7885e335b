package io.kvroute.config;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads and describes one kind of value. */
interface ValueType<T> {

  /** The expected form, for error messages. */
  String expected();

  /**
   * Reads a value.
   *
   * @param text whether the value comes from a variable or flag, where everything is text
   * @return null if the value is invalid
   */
  @Nullable T read(JsonNode node, boolean text);

  /** The value for error messages; hides secrets. */
  default String show(JsonNode node) {
    return node.toString();
  }
}
