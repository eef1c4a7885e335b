package io.kvroute.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A section of the configuration while it is read. Every read names a property and a fallback; an
 * invalid value is recorded as a problem and replaced by the fallback, so that one run finds all
 * problems. {@link #finish} then records the properties that nothing has read. Not thread-safe.
 */
final class Section {

  private final Layers layers;
  private final String source;
  private final String path;
  private final JsonNode node;
  private final List<Problem> problems;
  private final TreeSet<String> asked = new TreeSet<>();

  /**
   * A section of the configuration.
   *
   * @param source the file, variable or flag that {@code node} was read from
   * @param path the section's property, empty for the root
   */
  Section(Layers layers, String source, String path, JsonNode node, List<Problem> problems) {
    this.layers = layers;
    this.source = source;
    this.path = path;
    this.node = node;
    this.problems = problems;
  }

  <T> T value(String name, T fallback, ValueType<T> type) {
    T value = optional(name, type);
    return value == null ? fallback : value;
  }

  /** An optional value; null if it is missing or invalid. */
  <T> @Nullable T optional(String name, ValueType<T> type) {
    Layers.Found found = find(name);
    return found == null ? null : read(found, type);
  }

  /** A required value; null and a problem if it is missing. */
  <T> @Nullable T required(String name, ValueType<T> type) {
    if (find(name) == null) {
      problem(source, path(name), "missing", type.expected());
    }
    return optional(name, type);
  }

  /** Values in a list, or separated by spaces in a variable; the fallback if it is missing. */
  <T> List<T> values(String name, List<T> fallback, ValueType<T> type) {
    if (find(name) == null) {
      return fallback;
    }
    List<T> values = new ArrayList<>();
    for (Layers.Found item : items(name)) {
      T value = read(item, type);
      if (value != null) {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  /** Sections in a list, each a mapping or a text that {@code fromText} parses. */
  <T> List<T> parts(
      String name, Function<String, JsonNode> fromText, Function<Section, @Nullable T> reader) {
    List<T> parts = new ArrayList<>();
    for (Layers.Found item : items(name)) {
      JsonNode fields =
          item.node().isString() ? fromText.apply(item.node().asString()) : item.node();
      Section part = new Section(Layers.NONE, item.source(), item.property(), fields, problems);
      T read = reader.apply(part);
      part.finish();
      if (read != null) {
        parts.add(read);
      }
    }
    return List.copyOf(parts);
  }

  /**
   * Texts by name. A single text applies to every name, as {@code *}; in a variable or flag it is
   * {@code [NAME=]TEXT}.
   */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    Layers.Found found = find(name);
    if (found != null && found.node().isObject()) {
      for (Map.Entry<String, JsonNode> entry : found.node().properties()) {
        String property = path(name) + "." + entry.getKey();
        String text =
            read(
                new Layers.Found(found.source(), property, entry.getValue(), Layers.Origin.FILE),
                ValueTypes.TEXT);
        if (text != null) {
          texts.put(entry.getKey(), text);
        }
      }
      return Map.copyOf(texts);
    }
    for (Layers.Found item : items(name)) {
      String text = read(item, ValueTypes.TEXT);
      if (text != null) {
        int equals = item.isText() ? text.indexOf('=') : -1;
        texts.put(equals < 0 ? "*" : text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return Map.copyOf(texts);
  }

  /** A nested section. */
  <T> T part(String name, Function<Section, T> reader) {
    asked.add(name);
    JsonNode below = node.path(name);
    if (!below.isMissingNode() && !below.isNull() && !below.isObject()) {
      problem(source, path(name), below.toString(), "a mapping");
    }
    Section part = new Section(layers, source, path(name), below, problems);
    T read = reader.apply(part);
    part.finish();
    return read;
  }

  /** Records a problem that concerns {@code name} together with another property. */
  void reject(String name, String value, String expected) {
    Layers.Found found = find(name);
    if (found == null) {
      problem(source, path(name), value, expected);
    } else {
      problem(found.source(), found.property(), value, expected);
    }
  }

  /** Records the properties that nothing has read. */
  void finish() {
    if (!node.isObject()) {
      return;
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!asked.contains(entry.getKey())) {
        problem(source, path(entry.getKey()), "unknown property", String.join(", ", asked));
      }
    }
  }

  private <T> @Nullable T read(Layers.Found found, ValueType<T> type) {
    T value = type.read(found.node(), found.isText());
    if (value == null) {
      problem(found.source(), found.property(), type.show(found.node()), type.expected());
    }
    return value;
  }

  private List<Layers.Found> items(String name) {
    Layers.Found found = find(name);
    return found == null ? List.of() : found.items();
  }

  private Layers.@Nullable Found find(String name) {
    asked.add(name);
    Layers.Found above = layers.find(path(name));
    if (above != null) {
      return above;
    }
    JsonNode here = node.path(name);
    return here.isMissingNode() || here.isNull()
        ? null
        : new Layers.Found(source, path(name), here, Layers.Origin.FILE);
  }

  private void problem(String where, String property, String value, String expected) {
    problems.add(new Problem(where, property, value, expected));
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
