package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.operators.Sorting;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as Python's {@code json.dumps} does, for the filter {@code tojson}. */
final class Json {

  /**
   * The layout of the text.
   *
   * @param indent the indentation of one level; null to write everything on one line
   */
  record Layout(
      boolean ensureAscii,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      boolean sortKeys) {}

  private final StringBuilder out = new StringBuilder();
  private final Layout layout;
  private final Render render;
  private int level;

  private Json(Layout layout, Render render) {
    this.layout = layout;
    this.render = render;
  }

  static Value dumps(Value value, Layout layout, Render render) {
    Json json = new Json(layout, render);
    json.write(value);
    return new Value.Str(json.out.toString());
  }

  private void add(String text) {
    render.allocate(text.length());
    out.append(text);
  }

  private void write(Value value) {
    render.step();
    switch (value) {
      case Value.None none -> add("null");
      case Value.Bool bool -> add(bool.value() ? "true" : "false");
      case Value.Int number -> add(Long.toString(number.value()));
      case Value.BigInt number -> add(PythonNumbers.repr(number.value()));
      case Value.Real real -> add(number(real.value()));
      case Value.Str str -> string(str.value());
      case Value.Markup markup -> string(markup.value());
      case Value.ListOf list -> array(list.items());
      case Value.Dict dict -> object(dict);
      case Value.Internal other ->
          throw EvaluationException.type(
              "Object of type " + Types.name(other) + " is not JSON serializable");
    }
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return Double.isInfinite(value)
        ? (value > 0 ? "Infinity" : "-Infinity")
        : PythonNumbers.repr(value);
  }

  private void array(List<Value> items) {
    if (items.isEmpty()) {
      add("[]");
      return;
    }
    open("[");
    boolean first = true;
    for (Value item : items) {
      separate(first);
      first = false;
      write(item);
    }
    close("]");
  }

  private void object(Value.Dict dict) {
    if (dict.entries().isEmpty()) {
      add("{}");
      return;
    }
    open("{");
    boolean first = true;
    for (Map.Entry<Value, Value> entry : entries(dict)) {
      separate(first);
      first = false;
      string(key(entry.getKey()));
      add(layout.keySeparator());
      write(entry.getValue());
    }
    close("}");
  }

  private List<Map.Entry<Value, Value>> entries(Value.Dict dict) {
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
    return layout.sortKeys() ? Sorting.sorted(entries, Map.Entry::getKey, false, render) : entries;
  }

  private static String key(Value key) {
    return switch (key) {
      case Value.Str str -> str.value();
      case Value.Markup markup -> markup.value();
      case Value.None none -> "null";
      case Value.Bool bool -> bool.value() ? "true" : "false";
      case Value.Int number -> Long.toString(number.value());
      case Value.BigInt number -> PythonNumbers.repr(number.value());
      case Value.Real real -> number(real.value());
      default ->
          throw EvaluationException.type(
              "keys must be str, int, float, bool or None, not " + Types.name(key));
    };
  }

  private void open(String bracket) {
    render.enter(1);
    level++;
    add(bracket);
    newLine();
  }

  private void close(String bracket) {
    level--;
    newLine();
    add(bracket);
    render.leave(1);
  }

  private void separate(boolean first) {
    if (!first) {
      add(layout.itemSeparator());
      newLine();
    }
  }

  private void newLine() {
    String indent = layout.indent();
    if (indent != null) {
      render.allocate(1 + (long) indent.length() * level);
      out.append('\n').append(indent.repeat(level));
    }
  }

  private void string(String text) {
    render.allocate(text.length() + 2L);
    out.append('"');
    int plain = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || !layout.ensureAscii())) {
        continue;
      }
      out.append(text, plain, i);
      plain = i + 1;
      escape(c);
    }
    out.append(text, plain, text.length()).append('"');
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\f' -> out.append("\\f");
      case '\b' -> out.append("\\b");
      default -> {
        render.allocate(5);
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(Character.forDigit((c >> shift) & 0xf, 16));
        }
      }
    }
  }
}
