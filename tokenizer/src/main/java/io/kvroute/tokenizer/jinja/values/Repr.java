package io.kvroute.tokenizer.jinja.values;

import java.util.Iterator;
import java.util.Map;

/** Python's {@code str} and {@code repr} of values. */
public final class Repr {

  private final StringBuilder out = new StringBuilder();
  private final Render render;

  private Repr(Render render) {
    this.render = render;
  }

  /** The text that printing the value gives. */
  public static String str(Value value, Render render) {
    return switch (value) {
      case Value.Str str -> str.value();
      case Value.Markup markup -> markup.value();
      case Undefined undefined -> "";
      default -> repr(value, render);
    };
  }

  public static String repr(Value value, Render render) {
    Repr repr = new Repr(render);
    repr.append(value);
    return repr.out.toString();
  }

  private void add(String text) {
    render.allocate(text.length());
    out.append(text);
  }

  private void append(Value value) {
    render.step();
    switch (value) {
      case Value.None none -> add("None");
      case Value.Bool bool -> add(bool.value() ? "True" : "False");
      case Value.Int number -> add(Long.toString(number.value()));
      case Value.BigInt number -> add(PythonNumbers.repr(number.value()));
      case Value.Real real -> add(PythonNumbers.repr(real.value()));
      case Value.Str str -> add(quote(str.value()));
      case Value.Markup markup -> add("Markup(" + quote(markup.value()) + ")");
      case Value.ListOf list -> {
        boolean single = list.tuple() && list.items().size() == 1;
        items(list.tuple() ? "(" : "[", list.items().iterator(), single ? "," : "");
        add(list.tuple() ? ")" : "]");
      }
      case Value.Dict dict -> entries(dict.entries());
      case Undefined undefined -> add("Undefined");
      case PythonRange range -> add(range.repr());
      case DictView view -> {
        items(view.typeName() + "([", view.iterator(), "");
        add("])");
      }
      case Namespace namespace -> {
        add("<Namespace ");
        attributes(namespace.attributes());
        add(">");
      }
      case LoopVariable loop -> add(loop.repr());
      case Macro macro -> {
        String name = macro.declaration().name();
        add("<Macro " + (name == null ? "anonymous" : quote(name)) + ">");
      }
      case Method method ->
          add(
              "<built-in method "
                  + method.name()
                  + " of "
                  + Types.name(method.object())
                  + " object>");
      case Value.Internal other -> add("<" + Types.name(other) + " object>");
    }
  }

  private void items(String open, Iterator<Value> items, String trailing) {
    render.enter(1);
    add(open);
    String separator = "";
    while (items.hasNext()) {
      add(separator);
      append(items.next());
      separator = ", ";
    }
    add(trailing);
    render.leave(1);
  }

  private void entries(Map<Value, Value> entries) {
    render.enter(1);
    add("{");
    String separator = "";
    for (Map.Entry<Value, Value> entry : entries.entrySet()) {
      add(separator);
      append(entry.getKey());
      add(": ");
      append(entry.getValue());
      separator = ", ";
    }
    add("}");
    render.leave(1);
  }

  private void attributes(Map<String, Value> attributes) {
    render.enter(1);
    add("{");
    String separator = "";
    for (Map.Entry<String, Value> entry : attributes.entrySet()) {
      add(separator + quote(entry.getKey()) + ": ");
      append(entry.getValue());
      separator = ", ";
    }
    add("}");
    render.leave(1);
  }

  /**
   * A string in Python's quotes. Escapes every character that Python does not consider printable.
   */
  static String quote(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c == quote) {
            out.append('\\').append(quote);
          } else if (CharacterClasses.isPrintable(c)) {
            out.appendCodePoint(c);
          } else if (c <= 0xff) {
            out.append(String.format("\\x%02x", c));
          } else {
            out.append(String.format(c <= 0xffff ? "\\u%04x" : "\\U%08x", c));
          }
        }
      }
    }
    return out.append(quote).toString();
  }
}
