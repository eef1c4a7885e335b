package io.kvroute.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles the expressions of one scope. */
final class ExpressionCompiler {

  /** Levels of the syntax tree inside one expression. */
  private static final int MAX_HEIGHT = 300;

  private final Scope scope;
  private final int baseHeight;

  /** Whether an unknown filter or test is an error only when it runs, as inside a condition. */
  private boolean lenient;

  private int height;
  private int line;

  ExpressionCompiler(Scope scope, int baseHeight, boolean lenient, int line) {
    this.scope = scope;
    this.baseHeight = baseHeight;
    this.lenient = lenient;
    this.line = line;
  }

  Op compile(Expr expr) throws TemplateException {
    if (++height > MAX_HEIGHT) {
      throw new TemplateException(
          line, "nested too deeply (expected: at most " + MAX_HEIGHT + " levels)");
    }
    scope.function().reach(baseHeight + height);
    Op op =
        switch (expr) {
          case Expr.Const constant -> {
            Value value = constant.value();
            yield (render, frame) -> value;
          }
          case Expr.Name name -> name(name.name());
          case Expr.TupleOf tuple -> sequence(tuple.items(), true);
          case Expr.ListLiteral list -> sequence(list.items(), false);
          case Expr.DictLiteral dict -> dict(dict);
          case Expr.Conditional conditional -> conditional(conditional);
          case Expr.Logic logic -> logic(logic);
          case Expr.Not not -> {
            Op operand = compile(not.operand());
            yield (render, frame) -> Value.Bool.of(!Types.truth(operand.eval(render, frame)));
          }
          case Expr.Negate negate -> {
            Op operand = compile(negate.operand());
            yield negate.positive()
                ? (render, frame) -> Operators.positive(operand.eval(render, frame))
                : (render, frame) -> Operators.negative(operand.eval(render, frame), render);
          }
          case Expr.Arithmetic arithmetic -> arithmetic(arithmetic);
          case Expr.Concat concat -> concat(concat);
          case Expr.Compare compare -> compare(compare);
          case Expr.Attribute attribute -> attribute(attribute);
          case Expr.Item item -> item(item);
          case Expr.Slice slice ->
              throw new TemplateException(line, "a slice can only be an index on its own");
          case Expr.Call call -> call(call, null);
          case Expr.Filter filter -> filter(filter, null);
          case Expr.Test test -> test(test);
        };
    height--;
    return op;
  }

  private Op[] compileAll(List<Expr> exprs) throws TemplateException {
    Op[] ops = new Op[exprs.size()];
    for (int i = 0; i < ops.length; i++) {
      ops[i] = compile(exprs.get(i));
    }
    return ops;
  }

  private @Nullable Op compileIfPresent(@Nullable Expr expr) throws TemplateException {
    return expr == null ? null : compile(expr);
  }

  private Op name(String name) throws TemplateException {
    Scope.Variable variable = scope.find(name);
    if (variable == null) {
      throw new TemplateException(line, "'" + name + "' cannot be used here");
    }
    int hops = scope.function().hopsTo(variable.function());
    int slot = variable.slot();
    Undefined undefined = Undefined.name(name);
    return (render, frame) -> {
      Value value = frame.get(hops, slot);
      return value == null ? undefined : value;
    };
  }

  private Op sequence(List<Expr> exprs, boolean tuple) throws TemplateException {
    Op[] items = compileAll(exprs);
    return (render, frame) -> {
      render.allocateItems(items.length + 8L);
      List<Value> values = new ArrayList<>(items.length);
      for (Op item : items) {
        values.add(item.eval(render, frame));
      }
      return new Value.ListOf(values, tuple);
    };
  }

  private Op dict(Expr.DictLiteral literal) throws TemplateException {
    Op[] ops = compileAll(literal.children());
    return (render, frame) -> {
      render.allocateValues(ops.length + 1L);
      LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
      for (int i = 0; i < ops.length; i += 2) {
        Value key = ops[i].eval(render, frame);
        Value value = ops[i + 1].eval(render, frame);
        entries.put(Hashing.key(key, render), value);
      }
      return new Value.Dict(entries);
    };
  }

  private Op conditional(Expr.Conditional conditional) throws TemplateException {
    boolean lenientOutside = lenient;
    lenient = true;
    Op test = compile(conditional.test());
    Op then = compile(conditional.then());
    Expr orElseExpr = conditional.orElse();
    Undefined undefined =
        Undefined.hint(
            "the inline if-expression on line "
                + conditional.line()
                + " evaluated to false and no else section was defined.");
    Op orElse = orElseExpr == null ? (render, frame) -> undefined : compile(orElseExpr);
    lenient = lenientOutside;
    return (render, frame) ->
        (Types.truth(test.eval(render, frame)) ? then : orElse).eval(render, frame);
  }

  private Op logic(Expr.Logic logic) throws TemplateException {
    Op[] operands = compileAll(logic.operands());
    boolean or = logic.or();
    int last = operands.length - 1;
    return (render, frame) -> {
      for (int i = 0; i < last; i++) {
        Value value = operands[i].eval(render, frame);
        if (Types.truth(value) == or) {
          return value;
        }
      }
      return operands[last].eval(render, frame);
    };
  }

  private Op arithmetic(Expr.Arithmetic arithmetic) throws TemplateException {
    Op[] operands = compileAll(arithmetic.operands());
    if (arithmetic.operators().stream().allMatch(op -> op == ArithmeticOp.ADD)) {
      return new Sum(operands);
    }
    ArithmeticOp[] operators = arithmetic.operators().toArray(new ArithmeticOp[0]);
    return (render, frame) -> {
      Value value = operands[0].eval(render, frame);
      for (int i = 0; i < operators.length; i++) {
        value = Operators.apply(operators[i], value, operands[i + 1].eval(render, frame), render);
      }
      return value;
    };
  }

  private Op concat(Expr.Concat concat) throws TemplateException {
    Op[] operands = compileAll(concat.operands());
    return (render, frame) -> {
      Value[] values = new Value[operands.length];
      for (int i = 0; i < operands.length; i++) {
        values[i] = operands[i].eval(render, frame);
      }
      StringBuilder out = new StringBuilder();
      for (Value value : values) {
        String text = Repr.str(value, render);
        render.allocate(text.length());
        out.append(text);
      }
      return new Value.Str(out.toString());
    };
  }

  private Op compare(Expr.Compare compare) throws TemplateException {
    Op[] operands = compileAll(compare.operands());
    CompareOp[] operators = compare.operators().toArray(new CompareOp[0]);
    return (render, frame) -> {
      Value left = operands[0].eval(render, frame);
      for (int i = 0; i < operators.length; i++) {
        Value right = operands[i + 1].eval(render, frame);
        if (!Comparison.test(operators[i], left, right, render)) {
          return Value.Bool.FALSE;
        }
        left = right;
      }
      return Value.Bool.TRUE;
    };
  }

  private Op attribute(Expr.Attribute attribute) throws TemplateException {
    Op object = compile(attribute.object());
    String name = attribute.name();
    return (render, frame) -> Attributes.attribute(object.eval(render, frame), name, render);
  }

  private Op item(Expr.Item item) throws TemplateException {
    Op object = compile(item.object());
    if (item.index() instanceof Expr.Slice slice) {
      @Nullable Op start = compileIfPresent(slice.start());
      @Nullable Op stop = compileIfPresent(slice.stop());
      @Nullable Op step = compileIfPresent(slice.step());
      return (render, frame) ->
          Slicing.slice(
              object.eval(render, frame),
              start == null ? Value.None.NONE : start.eval(render, frame),
              stop == null ? Value.None.NONE : stop.eval(render, frame),
              step == null ? Value.None.NONE : step.eval(render, frame),
              render);
    }
    Op index = compile(item.index());
    return (render, frame) ->
        Attributes.item(object.eval(render, frame), index.eval(render, frame), render);
  }

  /** A call; {@code caller} is the body of a call block, which it passes on. */
  Op call(Expr.Call call, @Nullable Op caller) throws TemplateException {
    Op callee = compile(call.callee());
    ArgumentsCompiler.Evaluator arguments = arguments(call.arguments());
    return (render, frame) -> {
      Value function = callee.eval(render, frame);
      Args args = arguments.eval(render, frame);
      if (caller != null) {
        args = ArgumentsCompiler.withNamed(args, "caller", caller.eval(render, frame));
      }
      render.step();
      return Functions.call(function, args, render);
    };
  }

  private ArgumentsCompiler.Evaluator arguments(Expr.Arguments arguments) throws TemplateException {
    Op[] positional = compileAll(arguments.positional());
    Map<String, Op> named = new LinkedHashMap<>();
    for (Expr.Named argument : arguments.named()) {
      if (named.put(argument.name(), compile(argument.value())) != null) {
        throw new TemplateException(line, "keyword argument repeated: " + argument.name());
      }
    }
    return ArgumentsCompiler.evaluator(
        positional,
        named,
        compileIfPresent(arguments.star()),
        compileIfPresent(arguments.doubleStar()));
  }

  /** A filter; {@code block} gives what a filter without input filters. */
  Op filter(Expr.Filter filter, @Nullable Op block) throws TemplateException {
    Expr inputExpr = filter.input();
    Op input;
    if (inputExpr == null) {
      if (block == null) {
        throw new TemplateException(filter.line(), "filter without input");
      }
      input = block;
    } else {
      input =
          block != null && inputExpr instanceof Expr.Filter inner
              ? filter(inner, block)
              : compile(inputExpr);
    }
    ArgumentsCompiler.Evaluator arguments = arguments(filter.arguments());
    Filter function = Filters.get(filter.name());
    if (function == null) {
      return unknown("filter", filter.name(), filter.line());
    }
    return (render, frame) -> {
      Value value = input.eval(render, frame);
      Args args = arguments.eval(render, frame);
      render.step();
      return function.apply(value, args, render);
    };
  }

  private Op test(Expr.Test test) throws TemplateException {
    Op input = compile(test.input());
    ArgumentsCompiler.Evaluator arguments = arguments(test.arguments());
    Tests.Test function = Tests.get(test.name());
    if (function == null) {
      return unknown("test", test.name(), test.line());
    }
    return (render, frame) -> {
      Value value = input.eval(render, frame);
      Args args = arguments.eval(render, frame);
      render.step();
      return function.test(value, args, render);
    };
  }

  private Op unknown(String what, String name, int at) throws TemplateException {
    String message = "No " + what + " named '" + name + "'";
    if (!lenient) {
      throw new TemplateException(at, message);
    }
    return (render, frame) -> {
      throw Failure.error("TemplateRuntimeError: " + message + " found.");
    };
  }
}
