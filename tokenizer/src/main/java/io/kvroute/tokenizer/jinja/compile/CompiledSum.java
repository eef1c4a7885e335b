package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.operators.Operators;
import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Value;

/**
 * Operands joined by {@code +}. They are mostly strings, so the sum collects them in one buffer, or
 * prints them one by one, and does not copy the text once for each {@code +}.
 */
final class CompiledSum implements CompiledExpression {

  private final CompiledExpression[] operands;

  CompiledSum(CompiledExpression[] operands) {
    this.operands = operands;
  }

  @Override
  public Value eval(Render render, Frame frame) {
    Value first = operands[0].eval(render, frame);
    Value second = operands[1].eval(render, frame);
    if (operands.length == 2 || !(first instanceof Value.Str a && second instanceof Value.Str b)) {
      return rest(Operators.apply(ArithmeticOp.ADD, first, second, render), 2, render, frame);
    }
    StringBuilder out = new StringBuilder(a.value()).append(b.value());
    for (int i = 2; i < operands.length; i++) {
      Value value = operands[i].eval(render, frame);
      if (!(value instanceof Value.Str str)) {
        Value sum = render.str(out.toString());
        return rest(Operators.apply(ArithmeticOp.ADD, sum, value, render), i + 1, render, frame);
      }
      render.allocate(str.value().length());
      out.append(str.value());
    }
    return render.str(out.toString());
  }

  private Value rest(Value sum, int from, Render render, Frame frame) {
    Value value = sum;
    for (int i = from; i < operands.length; i++) {
      value = Operators.apply(ArithmeticOp.ADD, value, operands[i].eval(render, frame), render);
    }
    return value;
  }

  /** Prints the sum string by string, as long as all operands are strings. */
  void print(Render render, Frame frame) {
    Value first = operands[0].eval(render, frame);
    if (!(first instanceof Value.Str start)) {
      render.print(Repr.str(rest(first, 1, render, frame), render));
      return;
    }
    int mark = render.printed();
    render.print(start.value());
    for (int i = 1; i < operands.length; i++) {
      Value value = operands[i].eval(render, frame);
      if (!(value instanceof Value.Str str)) {
        Value printed = render.str(render.removeSince(mark));
        Value sum = Operators.apply(ArithmeticOp.ADD, printed, value, render);
        render.print(Repr.str(rest(sum, i + 1, render, frame), render));
        return;
      }
      render.print(str.value());
    }
  }
}
