package io.kvroute.tokenizer.jinja.values;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's iteration and length. */
public final class Iteration {

  private Iteration() {}

  /** Whether Python's {@code iter(value)} succeeds. */
  public static boolean isIterable(Value value) {
    return switch (value) {
      case Value.Str str -> true;
      case Value.Markup markup -> true;
      case Value.ListOf list -> true;
      case Value.Dict dict -> true;
      case Undefined undefined -> true;
      case Generator generator -> true;
      case PythonRange range -> true;
      case DictView view -> true;
      case LoopVariable loop -> true;
      default -> false;
    };
  }

  /** An iterator over the value's items; a type error if it has none. */
  public static Iterator<Value> of(Value value, Render render) {
    return switch (value) {
      case Value.Str str -> new CodePointIterator(str.value());
      case Value.Markup markup -> new CodePointIterator(markup.value());
      case Value.ListOf list -> list.items().iterator();
      case Value.Dict dict -> dict.entries().keySet().iterator();
      case Undefined undefined -> Collections.emptyIterator();
      case Generator generator -> generator;
      case PythonRange range -> range.iterator();
      case DictView view -> view.iterator();
      case LoopVariable loop ->
          throw EvaluationException.type("a loop variable cannot be iterated here");
      default ->
          throw EvaluationException.type("'" + Types.name(value) + "' object is not iterable");
    };
  }

  /** All items in a new list, counted against the limits. */
  public static List<Value> toList(Value value, Render render) {
    Integer known = length(value);
    List<Value> items = new ArrayList<>(known == null ? 8 : known);
    Iterator<Value> it = of(value, render);
    while (it.hasNext()) {
      render.allocateValues(1);
      items.add(it.next());
    }
    return items;
  }

  /** The items; the value's own list where it holds one, so not to be changed. */
  public static List<Value> items(Value value, Render render) {
    return value instanceof Value.ListOf list ? list.items() : toList(value, render);
  }

  /** Python's {@code len(value)}, or null where it raises. */
  static @Nullable Integer length(Value value) {
    return switch (value) {
      case Value.Str str -> str.value().codePointCount(0, str.value().length());
      case Value.Markup markup -> markup.value().codePointCount(0, markup.value().length());
      case Value.ListOf list -> list.items().size();
      case Value.Dict dict -> dict.entries().size();
      case Undefined undefined -> 0;
      case PythonRange range -> range.size();
      case DictView view -> view.dict().entries().size();
      case LoopVariable loop -> loop.length();
      default -> null;
    };
  }

  public static int requireLength(Value value, Render render) {
    String text = Types.text(value);
    if (text != null) {
      render.scan(text);
    }
    Integer length = length(value);
    if (length == null) {
      throw EvaluationException.type("object of type '" + Types.name(value) + "' has no len()");
    }
    return length;
  }

  /** Iterates over the code points of a string, each as a string. */
  private static final class CodePointIterator implements Iterator<Value> {
    private final String text;
    private int position;

    CodePointIterator(String text) {
      this.text = text;
    }

    @Override
    public boolean hasNext() {
      return position < text.length();
    }

    @Override
    public Value next() {
      int next = text.offsetByCodePoints(position, 1);
      Value character = new Value.Str(text.substring(position, next));
      position = next;
      return character;
    }
  }
}
