package io.kvroute.tokenizer.jinja;

/**
 * Operands joined by {@code +}. Mostly these are strings, which go into the result, or straight to
 * the output, without a copy for each {@code +}.
 */
final class Sum implements Op {

  private final Op[] operands;

  Sum(Op[] operands) {
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

  /** Prints the sum. What was printed before an error does not matter: it ends the rendering. */
  void print(Render render, Frame frame) {
    Value first = operands[0].eval(render, frame);
    if (!(first instanceof Value.Str start)) {
      render.print(Repr.str(rest(first, 1, render, frame), render));
      return;
    }
    Value second = operands[1].eval(render, frame);
    if (!(second instanceof Value.Str)) {
      Value sum = Operators.apply(ArithmeticOp.ADD, first, second, render);
      render.print(Repr.str(rest(sum, 2, render, frame), render));
      return;
    }
    printStrings(start, second, render, frame);
  }

  private void printStrings(Value.Str first, Value second, Render render, Frame frame) {
    StringBuilder text = new StringBuilder();
    text.append(first.value());
    Value value = second;
    for (int i = 2; ; i++) {
      if (!(value instanceof Value.Str str)) {
        Value sum = Operators.apply(ArithmeticOp.ADD, render.str(text.toString()), value, render);
        render.print(Repr.str(rest(sum, i, render, frame), render));
        return;
      }
      text.append(str.value());
      render.allocate(str.value().length());
      if (i == operands.length) {
        render.print(text.toString());
        return;
      }
      value = operands[i].eval(render, frame);
    }
  }
}
