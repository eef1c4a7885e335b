package io.kvroute.tokenizer.jinja.values;

import org.jspecify.annotations.Nullable;

/** The names of Python's types, and conversions that are needed everywhere. */
public final class Types {

  private Types() {}

  /** The name of the value's Python type. */
  public static String name(Value value) {
    return switch (value) {
      case Value.None none -> "NoneType";
      case Value.Bool bool -> "bool";
      case Value.Int number -> "int";
      case Value.BigInt number -> "int";
      case Value.Real real -> "float";
      case Value.Str str -> "str";
      case Value.Markup markup -> "Markup";
      case Value.ListOf list -> list.tuple() ? "tuple" : "list";
      case Value.Dict dict -> "dict";
      case Undefined undefined -> "Undefined";
      case Namespace namespace -> "Namespace";
      case Generator generator -> "generator";
      case PythonRange range -> "range";
      case DictView view -> view.typeName();
      case Macro macro -> "Macro";
      case LoopVariable loop -> "LoopContext";
      case Method method -> "builtin_function_or_method";
      case Value.Internal other -> "function";
    };
  }

  /** The name of an object in Jinja's messages about a missing attribute. */
  static String objectName(Value value) {
    return value == Value.None.NONE ? "None" : name(value) + " object";
  }

  /** The text of a string, safe or not; null for any other value. */
  public static @Nullable String text(Value value) {
    return switch (value) {
      case Value.Str str -> str.value();
      case Value.Markup markup -> markup.value();
      default -> null;
    };
  }

  public static boolean isNumber(Value value) {
    return value instanceof Value.Int
        || value instanceof Value.Real
        || value instanceof Value.Bool
        || value instanceof Value.BigInt;
  }

  /** Python's {@code bool(value)}. */
  public static boolean truth(Value value) {
    return switch (value) {
      case Value.None none -> false;
      case Value.Bool bool -> bool.value();
      case Value.Int number -> number.value() != 0;
      case Value.BigInt number -> true;
      case Value.Real real -> real.value() != 0;
      case Value.Str str -> !str.value().isEmpty();
      case Value.Markup markup -> !markup.value().isEmpty();
      case Value.ListOf list -> !list.items().isEmpty();
      case Value.Dict dict -> !dict.entries().isEmpty();
      case Undefined undefined -> false;
      case PythonRange range -> range.size() > 0;
      case DictView view -> !view.dict().entries().isEmpty();
      case LoopVariable loop -> loop.length() > 0;
      case Value.Internal other -> true;
    };
  }

  /** The text of a string. For any other value, a type error that starts with {@code what}. */
  public static String requireText(Value value, String what) {
    String text = text(value);
    if (text == null) {
      throw value instanceof Undefined undefined
          ? undefined.failure()
          : EvaluationException.type(what + " must be str, not " + name(value));
    }
    return text;
  }

  /** An index or count: an integer or a boolean, clamped to the range of an int. */
  public static int requireInt(Value value) {
    return switch (value) {
      case Value.Int number -> Math.clamp(number.value(), Integer.MIN_VALUE, Integer.MAX_VALUE);
      case Value.Bool bool -> bool.value() ? 1 : 0;
      case Value.BigInt number ->
          number.value().signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
      case Undefined undefined -> throw undefined.failure();
      default ->
          throw EvaluationException.type(
              "'" + name(value) + "' object cannot be interpreted as an integer");
    };
  }
}
