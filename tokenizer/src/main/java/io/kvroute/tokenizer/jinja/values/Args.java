package io.kvroute.tokenizer.jinja.values;

import java.util.List;
import java.util.Map;

/** The arguments of one call. */
public record Args(List<Value> positional, Map<String, Value> named) {

  public static final Args NONE = new Args(List.of(), Map.of());

  boolean isEmpty() {
    return positional.isEmpty() && named.isEmpty();
  }
}
