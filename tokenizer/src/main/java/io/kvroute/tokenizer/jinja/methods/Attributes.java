package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.CodePoints;
import io.kvroute.tokenizer.jinja.values.HasAttributes;
import io.kvroute.tokenizer.jinja.values.Hashing;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Namespace;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.PythonRange;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks up attributes and items of values, restricted as in the immutable sandbox. */
public final class Attributes {

  /** Attributes of every Python object, which the sandbox hides. */
  private static final Set<String> DUNDERS =
      Set.of(
          "__class__",
          "__delattr__",
          "__dir__",
          "__doc__",
          "__eq__",
          "__format__",
          "__ge__",
          "__getattribute__",
          "__getstate__",
          "__gt__",
          "__hash__",
          "__init__",
          "__init_subclass__",
          "__le__",
          "__lt__",
          "__ne__",
          "__new__",
          "__reduce__",
          "__reduce_ex__",
          "__repr__",
          "__setattr__",
          "__sizeof__",
          "__str__",
          "__subclasshook__");

  private static final Set<String> CONTAINER_DUNDERS =
      Set.of("__contains__", "__getitem__", "__iter__", "__len__");

  private Attributes() {}

  /** {@code object.name}: the attribute or, if there is none, the item of that name. */
  public static Value attribute(Value object, String name, Render render) {
    Value value = own(object, name, render);
    if (value == null && object instanceof Value.Dict dict) {
      value = dict.entries().get(new Value.Str(name));
    }
    return value == null ? Undefined.attribute(object, name) : value;
  }

  /** {@code object[index]}: the item or, if there is none, the attribute of that name. */
  public static Value item(Value object, Value index, Render render) {
    Value value = element(object, index, render);
    if (value == null) {
      String name = Types.text(index);
      value = name == null ? null : own(object, name, render);
    }
    return value == null ? Undefined.element(object, index) : value;
  }

  /** The Python attribute of that name; null if there is none. */
  private static @Nullable Value own(Value object, String name, Render render) {
    if (name.startsWith("__") && isHidden(object, name)) {
      return Undefined.unsafe(object, name);
    }
    return switch (object) {
      case Value.Dict dict -> DictMethods.get(dict, name);
      case Value.Str str -> StringMethods.get(str, name);
      case Value.Markup markup -> MarkupMethods.get(markup, name);
      case Value.ListOf list -> ListMethods.get(list, name);
      case PythonRange range -> rangeAttribute(range, name);
      case HasAttributes internal -> internal.attribute(name, render);
      case Undefined undefined -> throw undefined.failure();
      case Value.Real real -> NumberMethods.get(object, name);
      case Value.Int number -> NumberMethods.get(object, name);
      case Value.Bool bool -> NumberMethods.get(object, name);
      case Value.BigInt number -> NumberMethods.get(object, name);
      case Value.None none -> null;
      case Value.Internal other -> null;
    };
  }

  private static boolean isHidden(Value object, String name) {
    return !(object instanceof Undefined)
        && !(object instanceof Namespace)
        && (DUNDERS.contains(name)
            || (CONTAINER_DUNDERS.contains(name) && Iteration.isIterable(object)));
  }

  private static @Nullable Value element(Value object, Value index, Render render) {
    return switch (object) {
      case Value.Dict dict -> {
        boolean unhashable =
            index instanceof Value.Dict || (index instanceof Value.ListOf list && !list.tuple());
        yield unhashable ? null : dict.entries().get(Hashing.key(index, render));
      }
      case Value.ListOf list -> {
        int i = position(index, list.items().size());
        yield i < 0 ? null : list.items().get(i);
      }
      case Value.Str str -> {
        String c = character(str.value(), index, render);
        yield c == null ? null : new Value.Str(c);
      }
      case Value.Markup markup -> {
        String c = character(markup.value(), index, render);
        yield c == null ? null : new Value.Markup(c);
      }
      case PythonRange range -> {
        int i = position(index, range.size());
        yield i < 0 ? null : range.get(i);
      }
      case Undefined undefined -> throw undefined.failure();
      default -> null;
    };
  }

  private static @Nullable String character(String text, Value index, Render render) {
    if (!PythonNumbers.isInteger(index)) {
      return null;
    }
    render.scan(text);
    int i = position(index, CodePoints.length(text));
    return i < 0 ? null : CodePoints.substring(text, i, i + 1);
  }

  /** The position that an index refers to; -1 if it is not an integer or out of range. */
  private static int position(Value index, int size) {
    if (!PythonNumbers.isInteger(index)) {
      return -1;
    }
    long i = Types.requireInt(index);
    long position = i < 0 ? i + size : i;
    return position >= 0 && position < size ? (int) position : -1;
  }

  private static @Nullable Value rangeAttribute(PythonRange range, String name) {
    return switch (name) {
      case "start" -> new Value.Int(range.start());
      case "stop" -> new Value.Int(range.stop());
      case "step" -> new Value.Int(range.step());
      case "count", "index" -> {
        List<Value> items = new java.util.ArrayList<>(range.size());
        range.iterator().forEachRemaining(items::add);
        yield ListMethods.get(new Value.ListOf(items, true), name);
      }
      default -> null;
    };
  }
}
