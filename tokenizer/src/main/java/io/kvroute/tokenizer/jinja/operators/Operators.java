package io.kvroute.tokenizer.jinja.operators;

import io.kvroute.tokenizer.jinja.format.PercentFormat;
import io.kvroute.tokenizer.jinja.values.Arithmetic;
import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.HtmlEscaping;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;

/** Python's operators on values of any type. */
public final class Operators {

  private Operators() {}

  /** {@code a op b}. */
  public static Value apply(ArithmeticOp op, Value a, Value b, Render render) {
    if (Types.isNumber(a) && Types.isNumber(b)) {
      return Arithmetic.apply(op, a, b, render);
    }
    if (op == ArithmeticOp.MODULO && Types.text(a) != null) {
      return PercentFormat.format(a, b, render);
    }
    if (a instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (b instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return switch (op) {
      case ADD -> add(a, b, render);
      case MULTIPLY -> multiply(a, b, render);
      default -> throw unsupported(op, a, b);
    };
  }

  private static Value add(Value a, Value b, Render render) {
    if (a instanceof Value.Str x && b instanceof Value.Str y) {
      render.allocate((long) x.value().length() + y.value().length());
      return new Value.Str(x.value() + y.value());
    }
    if (a instanceof Value.Markup || b instanceof Value.Markup) {
      if (Types.text(a) == null || Types.text(b) == null) {
        throw unsupported(ArithmeticOp.ADD, a, b);
      }
      String text = HtmlEscaping.escaped(a) + HtmlEscaping.escaped(b);
      render.allocate(text.length());
      return new Value.Markup(text);
    }
    if (a instanceof Value.ListOf x && b instanceof Value.ListOf y && x.tuple() == y.tuple()) {
      render.allocateItems((long) x.items().size() + y.items().size());
      List<Value> items = new ArrayList<>(x.items().size() + y.items().size());
      items.addAll(x.items());
      items.addAll(y.items());
      return new Value.ListOf(items, x.tuple());
    }
    if (a instanceof Value.Str || a instanceof Value.ListOf) {
      throw EvaluationException.type(
          "can only concatenate "
              + Types.name(a)
              + " (not \""
              + Types.name(b)
              + "\") to "
              + Types.name(a));
    }
    throw unsupported(ArithmeticOp.ADD, a, b);
  }

  private static Value multiply(Value a, Value b, Render render) {
    if (PythonNumbers.isInteger(b)) {
      return repeat(a, b, render);
    }
    if (PythonNumbers.isInteger(a)) {
      return repeat(b, a, render);
    }
    throw unsupported(ArithmeticOp.MULTIPLY, a, b);
  }

  private static Value repeat(Value sequence, Value times, Render render) {
    int count = Math.max(0, Types.requireInt(times));
    return switch (sequence) {
      case Value.Str str -> {
        render.allocate((long) str.value().length() * count);
        yield new Value.Str(str.value().repeat(str.value().isEmpty() ? 0 : count));
      }
      case Value.Markup markup -> {
        render.allocate((long) markup.value().length() * count);
        yield new Value.Markup(markup.value().repeat(markup.value().isEmpty() ? 0 : count));
      }
      case Value.ListOf list -> {
        render.allocateItems((long) list.items().size() * count);
        List<Value> items = new ArrayList<>(list.items().size() * count);
        for (int i = 0; i < count && !list.items().isEmpty(); i++) {
          items.addAll(list.items());
        }
        yield new Value.ListOf(items, list.tuple());
      }
      default -> throw unsupported(ArithmeticOp.MULTIPLY, sequence, times);
    };
  }

  private static EvaluationException unsupported(ArithmeticOp op, Value a, Value b) {
    return EvaluationException.type(
        "unsupported operand type(s) for "
            + op.sign()
            + ": '"
            + Types.name(a)
            + "' and '"
            + Types.name(b)
            + "'");
  }

  public static Value negative(Value value, Render render) {
    if (value instanceof Value.Real real) {
      return new Value.Real(-real.value());
    }
    if (PythonNumbers.isInteger(value)) {
      return Arithmetic.apply(ArithmeticOp.SUBTRACT, new Value.Int(0), value, render);
    }
    throw Arithmetic.badOperand("-", value);
  }
}
