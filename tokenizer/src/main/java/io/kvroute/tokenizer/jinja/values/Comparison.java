package io.kvroute.tokenizer.jinja.values;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Python's comparisons of two values. */
public final class Comparison {

  private Comparison() {}

  public static boolean test(CompareOp op, Value a, Value b, Render render) {
    return switch (op) {
      case EQUAL -> equal(a, b, render);
      case NOT_EQUAL -> !equal(a, b, render);
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> ordered(op, a, b, render);
      case IN -> contains(b, a, render);
      case NOT_IN -> !contains(b, a, render);
    };
  }

  /** Python's {@code a is b}. */
  @SuppressWarnings("ReferenceEquality") // The question is whether they are one object.
  public static boolean identical(Value a, Value b) {
    return a == b;
  }

  /**
   * Equality of items as Python's containers see it: one and the same object is equal to itself,
   * even NaN.
   */
  public static boolean sameOrEqual(Value a, Value b, Render render) {
    return identical(a, b) || equal(a, b, render);
  }

  /** Python's {@code a == b}. */
  public static boolean equal(Value a, Value b, Render render) {
    return switch (a) {
      case Value.Str s -> {
        render.scan(s.value());
        yield s.equals(b);
      }
      case Value.ListOf x ->
          b instanceof Value.ListOf y
              && x.tuple() == y.tuple()
              && x.items().size() == y.items().size()
              && equalItems(x.items(), y.items(), render);
      case Value.Dict x -> b instanceof Value.Dict y && equalEntries(x, y, render);
      case DictView x -> b instanceof DictView y && x.equalTo(y, render);
      case Value other -> other.equals(b);
    };
  }

  private static boolean equalItems(List<Value> a, List<Value> b, Render render) {
    render.enter(1);
    render.steps(a.size() / 16 + 1);
    boolean equal = true;
    for (int i = 0; equal && i < a.size(); i++) {
      equal = sameOrEqual(a.get(i), b.get(i), render);
    }
    render.leave(1);
    return equal;
  }

  private static boolean equalEntries(Value.Dict a, Value.Dict b, Render render) {
    if (identical(a, b)) {
      return true;
    }
    if (a.entries().size() != b.entries().size()) {
      return false;
    }
    render.enter(1);
    render.steps(a.entries().size() / 16 + 1);
    boolean equal = true;
    for (Iterator<Map.Entry<Value, Value>> it = a.entries().entrySet().iterator();
        equal && it.hasNext(); ) {
      Map.Entry<Value, Value> entry = it.next();
      Value other = b.entries().get(entry.getKey());
      equal = other != null && sameOrEqual(entry.getValue(), other, render);
    }
    render.leave(1);
    return equal;
  }

  private static boolean ordered(CompareOp op, Value a, Value b, Render render) {
    if ((PythonNumbers.isNaN(a) && Types.isNumber(b))
        || (PythonNumbers.isNaN(b) && Types.isNumber(a))) {
      return false;
    }
    int order = order(op, a, b, render);
    return switch (op) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  /**
   * The order of two values that Python can order. {@code op} appears only in the error message.
   */
  static int order(CompareOp op, Value a, Value b, Render render) {
    if (Types.isNumber(a) && Types.isNumber(b)) {
      return PythonNumbers.compare(a, b);
    }
    String x = Types.text(a);
    String y = Types.text(b);
    if (x != null && y != null) {
      render.scan(x);
      return order(x, y);
    }
    if (a instanceof Value.ListOf p && b instanceof Value.ListOf q && p.tuple() == q.tuple()) {
      return order(op, p.items(), q.items(), render);
    }
    if (a instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.failure();
    }
    throw EvaluationException.type(
        "'"
            + op.sign()
            + "' not supported between instances of '"
            + Types.name(a)
            + "' and '"
            + Types.name(b)
            + "'");
  }

  private static int order(CompareOp op, List<Value> a, List<Value> b, Render render) {
    render.enter(1);
    int order = Integer.compare(a.size(), b.size());
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      render.step();
      if (!sameOrEqual(a.get(i), b.get(i), render)) {
        order = order(op, a.get(i), b.get(i), render);
        break;
      }
    }
    render.leave(1);
    return order;
  }

  /**
   * Compares by code point, as Python does. UTF-16 order differs for characters outside the BMP.
   */
  static int order(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        if (Character.isSurrogate(x) || Character.isSurrogate(y)) {
          int start = i > 0 && Character.isHighSurrogate(a.charAt(i - 1)) ? i - 1 : i;
          return Integer.compare(a.codePointAt(start), b.codePointAt(start));
        }
        return Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Python's {@code item in container}. */
  public static boolean contains(Value container, Value item, Render render) {
    String text = Types.text(container);
    if (text != null) {
      String part = Types.text(item);
      if (part == null) {
        throw EvaluationException.type(
            "'in <string>' requires string as left operand, not " + Types.name(item));
      }
      render.scan(text);
      return text.contains(part);
    }
    if (container instanceof Value.Dict dict) {
      return dict.entries().containsKey(Hashing.key(item, render));
    }
    if (container instanceof PythonRange range && PythonNumbers.isSmall(item)) {
      return range.contains(PythonNumbers.toLong(item));
    }
    if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
      return view.dict().entries().containsKey(Hashing.key(item, render));
    }
    Iterator<Value> it = Iteration.of(container, render);
    while (it.hasNext()) {
      render.step();
      Value each = it.next();
      if (sameOrEqual(each, item, render)) {
        return true;
      }
    }
    return false;
  }
}
