package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.methods.Attributes;
import io.kvroute.tokenizer.jinja.values.CaseMapping;
import io.kvroute.tokenizer.jinja.values.CharacterClasses;
import io.kvroute.tokenizer.jinja.values.IntegerText;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attribute path as filters take it: names separated by dots; a part of digits is an index. */
record AttributePath(List<Value> parts) {

  static final AttributePath EMPTY = new AttributePath(List.of());

  static AttributePath of(Value attribute) {
    if (attribute == Value.None.NONE) {
      return EMPTY;
    }
    String text = Types.text(attribute);
    if (text == null) {
      return new AttributePath(List.of(attribute));
    }
    List<Value> parts = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      boolean index = CharacterClasses.all(part, CharacterClasses::isDecimal);
      parts.add(index ? IntegerText.parse(part, 10) : new Value.Str(part));
    }
    return new AttributePath(parts);
  }

  /** Several paths separated by commas. */
  static List<AttributePath> allOf(Value attribute) {
    String text = Types.text(attribute);
    if (text == null) {
      return List.of(of(attribute));
    }
    List<AttributePath> paths = new ArrayList<>();
    for (String path : text.split(",", -1)) {
      paths.add(of(new Value.Str(path)));
    }
    return paths;
  }

  /**
   * The value at the end of the path. If {@code missing} is given, it replaces every undefined
   * part.
   */
  Value get(Value item, @Nullable Value missing, Render render) {
    Value value = item;
    for (Value part : parts) {
      value = Attributes.item(value, part, render);
      if (missing != null && value instanceof Undefined) {
        value = missing;
      }
    }
    return value;
  }

  /** The value itself, or in lower case if it is a string and {@code caseSensitive} is false. */
  static Value fold(Value value, boolean caseSensitive) {
    String text = caseSensitive ? null : Types.text(value);
    return text == null ? value : new Value.Str(CaseMapping.lower(text));
  }
}
