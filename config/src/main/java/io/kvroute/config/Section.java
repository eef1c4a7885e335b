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
 * A part of the configuration while it is read. Every read names its property and gives a fallback;
 * what is wrong is noted and the fallback used, so that one reading finds all problems. Ends in
 * {@link #finish}, which notes the properties that nobody asked for.
 */
final class Section {

  private final Layers layers;
  private final String source;
  private final String path;
  private final JsonNode node;
  private final List<Problem> problems;
  private final TreeSet<String> asked = new TreeSet<>();

  /**
   * A part of the configuration.
   *
   * @param source the file, variable or flag that {@code node} was read from
   * @param path the part's property, empty for the whole
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

  /** A value that may be left out; null if it is, or if it is wrong. */
  <T> @Nullable T optional(String name, ValueType<T> type) {
    Layers.Found found = find(name);
    return found == null ? null : read(found, type);
  }

  /** A value that must be there; null, and a problem, if it is not. */
  <T> @Nullable T required(String name, ValueType<T> type) {
    if (find(name) == null) {
      problem(source, path(name), "missing", type.expected());
    }
    return optional(name, type);
  }

  /** Values in a list, or separated by spaces where all is text. */
  <T> List<T> values(String name, ValueType<T> type) {
    List<T> values = new ArrayList<>();
    for (Layers.Found item : items(name)) {
      T value = read(item, type);
      if (value != null) {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  /** Parts in a list, each a mapping or a text that {@code fromText} can read. */
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
   * Texts by name. One text alone stands for every name, as {@code *}; in a variable or flag it is
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
        int equals = item.text() ? text.indexOf('=') : -1;
        texts.put(equals < 0 ? "*" : text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return Map.copyOf(texts);
  }

  /** A part below this one. */
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

  /** Notes a problem that concerns {@code name} together with something else. */
  void reject(String name, String value, String expected) {
    Layers.Found found = find(name);
    if (found == null) {
      problem(source, path(name), value, expected);
    } else {
      problem(found.source(), found.property(), value, expected);
    }
  }

  /** Notes what is here that nobody asked for. */
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
    T value = type.read(found.node(), found.text());
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
