package io.kvroute.tokenizer.jinja.values;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What a dict's {@code keys}, {@code values} and {@code items} return. */
public record DictView(Value.Dict dict, Kind kind) implements Value.Internal {

  public enum Kind {
    KEYS,
    VALUES,
    ITEMS
  }

  String typeName() {
    return switch (kind) {
      case KEYS -> "dict_keys";
      case VALUES -> "dict_values";
      case ITEMS -> "dict_items";
    };
  }

  public Iterator<Value> iterator() {
    return switch (kind) {
      case KEYS -> dict.entries().keySet().iterator();
      case VALUES -> dict.entries().values().iterator();
      case ITEMS -> dict.entries().entrySet().stream().map(DictView::pair).iterator();
    };
  }

  static Value pair(Map.Entry<Value, Value> entry) {
    return new Value.ListOf(List.of(entry.getKey(), entry.getValue()), true);
  }

  /** Views of keys and of items compare as sets; views of values compare by identity. */
  boolean equalTo(DictView other, Render render) {
    if (Comparison.identical(this, other)) {
      return true;
    }
    if (kind == Kind.VALUES || other.kind != kind) {
      return false;
    }
    return kind == Kind.ITEMS
        ? Comparison.equal(dict, other.dict, render)
        : dict.entries().keySet().equals(other.dict.entries().keySet());
  }
}
