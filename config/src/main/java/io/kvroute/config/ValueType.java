package io.kvroute.config;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How one kind of value is read, and what it should have looked like. */
interface ValueType<T> {

  /** What is expected, for a problem. */
  String expected();

  /**
   * Reads a value.
   *
   * @param text whether it comes from a variable or a flag, where everything is text
   * @return null if it is not one
   */
  @Nullable T read(JsonNode node, boolean text);

  /** The value for a problem; a secret hides it. */
  default String show(JsonNode node) {
    return node.toString();
  }
}
