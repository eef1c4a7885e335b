package io.kvroute.tokenizer.jinja;

import java.util.List;
import java.util.Map;

/** The arguments of one call. */
record Args(List<Value> positional, Map<String, Value> named) {

  static final Args NONE = new Args(List.of(), Map.of());

  boolean isEmpty() {
    return positional.isEmpty() && named.isEmpty();
  }
}
