package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.jinja.values.Value;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Helpers for template dicts with string keys. */
final class Dicts {

  private Dicts() {}

  /** The value of a key; null if it is missing. */
  static @Nullable Value get(Value.Dict dict, String key) {
    return dict.entries().get(new Value.Str(key));
  }

  /** The value of a key; null if it is missing or {@code None}. */
  static @Nullable Value present(Value.Dict dict, String key) {
    Value value = get(dict, key);
    return value == Value.None.NONE ? null : value;
  }

  /**
   * Whether a key contains no lone surrogate. Pydantic refuses undeclared keys that contain one.
   */
  static boolean isEncodable(Value key) {
    return key instanceof Value.Str name && PythonText.isEncodable(name.value());
  }

  /** Whether no key contains a lone surrogate. */
  static boolean hasEncodableKeys(Value.Dict dict) {
    return dict.entries().keySet().stream().allMatch(Dicts::isEncodable);
  }

  static boolean isText(@Nullable Value value, String text) {
    return value instanceof Value.Str str && str.value().equals(text);
  }

  /** Builds a dict, in the order of the puts. */
  static final class Builder {

    private final LinkedHashMap<Value, Value> entries;

    Builder() {
      this.entries = new LinkedHashMap<>();
    }

    Builder(Value.Dict from) {
      this.entries = new LinkedHashMap<>(from.entries());
    }

    Builder put(String key, Value value) {
      entries.put(new Value.Str(key), value);
      return this;
    }

    Builder putIfPresent(String key, @Nullable Value value) {
      return value == null ? this : put(key, value);
    }

    Builder remove(String key) {
      entries.remove(new Value.Str(key));
      return this;
    }

    Value.Dict build() {
      return new Value.Dict(entries);
    }
  }
}
