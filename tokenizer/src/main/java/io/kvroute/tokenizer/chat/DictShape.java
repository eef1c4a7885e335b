package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A dict with declared keys. Other keys are kept, after the declared ones, but may not contain a
 * lone surrogate. Immutable.
 */
final class DictShape implements Shape {

  private record Field(Value.Str name, boolean required, Shape shape) {}

  private final List<Field> fields;
  private final Set<Value> names;

  private DictShape(List<Field> fields) {
    this.fields = fields;
    this.names = new HashSet<>();
    fields.forEach(field -> names.add(field.name()));
  }

  static DictShape empty() {
    return new DictShape(List.of());
  }

  DictShape required(String name, Shape shape) {
    return with(new Field(new Value.Str(name), true, shape));
  }

  DictShape optional(String name, Shape shape) {
    return with(new Field(new Value.Str(name), false, shape));
  }

  private DictShape with(Field field) {
    List<Field> more = new ArrayList<>(fields);
    more.add(field);
    return new DictShape(List.copyOf(more));
  }

  @Override
  public @Nullable Match match(Value value) {
    if (!(value instanceof Value.Dict dict)) {
      return null;
    }
    LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
    int fieldsSet = 0;
    for (Field field : fields) {
      Value given = dict.entries().get(field.name());
      if (given == null) {
        if (field.required()) {
          return null;
        }
        continue;
      }
      Match match = field.shape().match(given);
      if (match == null) {
        return null;
      }
      entries.put(field.name(), match.value());
      fieldsSet += 1 + Math.max(match.fieldsSet(), 0);
    }
    for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
      if (!names.contains(entry.getKey())) {
        if (!Dicts.isEncodable(entry.getKey())) {
          return null;
        }
        entries.put(entry.getKey(), entry.getValue());
      }
    }
    return new Match(new Value.Dict(entries), fieldsSet);
  }
}
