package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.methods.Attributes;
import io.kvroute.tokenizer.jinja.operators.Operators;
import io.kvroute.tokenizer.jinja.operators.Slicing;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Arithmetic;
import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.CompareOp;
import io.kvroute.tokenizer.jinja.values.Comparison;
import io.kvroute.tokenizer.jinja.values.Hashing;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions to closures. Everything that does not depend on the variables is decided
 * while compiling: which slot a name refers to, which filter a name stands for, which operator
 * applies.
 */
final class ExpressionCompiler {

  /** Maximum depth of one expression in the syntax tree. */
  private static final int MAX_HEIGHT = 300;

  private final Scope scope;
  private final int baseHeight;

  /**
   * Whether an unknown filter or test fails only when it is evaluated, as Jinja has it in
   * conditions.
   */
  private boolean lenient;

  private final CallCompiler calls = new CallCompiler(this);
  private final int line;
  private int height;

  ExpressionCompiler(Scope scope, int baseHeight, boolean lenient, int line) {
    this.scope = scope;
    this.baseHeight = baseHeight;
    this.lenient = lenient;
    this.line = line;
  }

  CallCompiler calls() {
    return calls;
  }

  int line() {
    return line;
  }

  boolean lenient() {
    return lenient;
  }

  CompiledExpression compile(Expr expr) throws TemplateException {
    if (++height > MAX_HEIGHT) {
      throw new TemplateException(
          line, "nested too deeply (expected: at most " + MAX_HEIGHT + " levels)");
    }
    scope.layout().recordHeight(baseHeight + height);
    CompiledExpression op =
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
            CompiledExpression operand = compile(not.operand());
            yield (render, frame) -> Value.Bool.of(!Types.truth(operand.eval(render, frame)));
          }
          case Expr.Negate negate -> {
            CompiledExpression operand = compile(negate.operand());
            yield negate.positive()
                ? (render, frame) -> Arithmetic.positive(operand.eval(render, frame))
                : (render, frame) -> Operators.negative(operand.eval(render, frame), render);
          }
          case Expr.Arithmetic arithmetic -> arithmetic(arithmetic);
          case Expr.Concat concat -> concat(concat);
          case Expr.Compare compare -> compare(compare);
          case Expr.Attribute attribute -> attribute(attribute);
          case Expr.Item item -> item(item);
          case Expr.Slice slice ->
              throw new TemplateException(line, "a slice is allowed only as a whole index");
          case Expr.Call call -> calls.call(call, null);
          case Expr.Filter filter -> calls.filter(filter, null);
          case Expr.Test test -> calls.test(test);
        };
    height--;
    return op;
  }

  CompiledExpression[] compileAll(List<Expr> exprs) throws TemplateException {
    CompiledExpression[] compiled = new CompiledExpression[exprs.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = compile(exprs.get(i));
    }
    return compiled;
  }

  @Nullable CompiledExpression compileIfPresent(@Nullable Expr expr) throws TemplateException {
    return expr == null ? null : compile(expr);
  }

  private CompiledExpression name(String name) throws TemplateException {
    Scope.Variable variable = scope.find(name);
    if (variable == null) {
      throw new TemplateException(line, "'" + name + "' cannot be used here");
    }
    int hops = scope.layout().hopsTo(variable.layout());
    int slot = variable.slot();
    Undefined undefined = Undefined.name(name);
    return (render, frame) -> {
      Value value = frame.get(hops, slot);
      return value == null ? undefined : value;
    };
  }

  private CompiledExpression sequence(List<Expr> exprs, boolean tuple) throws TemplateException {
    CompiledExpression[] items = compileAll(exprs);
    return (render, frame) -> {
      render.allocateItems(items.length + 8L);
      List<Value> values = new ArrayList<>(items.length);
      for (CompiledExpression item : items) {
        values.add(item.eval(render, frame));
      }
      return new Value.ListOf(values, tuple);
    };
  }

  private CompiledExpression dict(Expr.DictLiteral literal) throws TemplateException {
    CompiledExpression[] compiled = compileAll(literal.children());
    return (render, frame) -> {
      render.allocateValues(compiled.length + 1L);
      LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
      for (int i = 0; i < compiled.length; i += 2) {
        Value key = compiled[i].eval(render, frame);
        Value value = compiled[i + 1].eval(render, frame);
        entries.put(Hashing.key(key, render), value);
      }
      return new Value.Dict(entries);
    };
  }

  private CompiledExpression conditional(Expr.Conditional conditional) throws TemplateException {
    boolean lenientOutside = lenient;
    lenient = true;
    CompiledExpression test = compile(conditional.test());
    CompiledExpression then = compile(conditional.then());
    Expr orElseExpr = conditional.orElse();
    Undefined undefined =
        Undefined.hint(
            "the inline if-expression on line "
                + conditional.line()
                + " evaluated to false and no else section was defined.");
    CompiledExpression orElse =
        orElseExpr == null ? (render, frame) -> undefined : compile(orElseExpr);
    lenient = lenientOutside;
    return (render, frame) ->
        (Types.truth(test.eval(render, frame)) ? then : orElse).eval(render, frame);
  }

  private CompiledExpression logic(Expr.Logic logic) throws TemplateException {
    CompiledExpression[] operands = compileAll(logic.operands());
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

  private CompiledExpression arithmetic(Expr.Arithmetic arithmetic) throws TemplateException {
    CompiledExpression[] operands = compileAll(arithmetic.operands());
    if (arithmetic.operators().stream().allMatch(op -> op == ArithmeticOp.ADD)) {
      return new CompiledSum(operands);
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

  private CompiledExpression concat(Expr.Concat concat) throws TemplateException {
    CompiledExpression[] operands = compileAll(concat.operands());
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

  private CompiledExpression compare(Expr.Compare compare) throws TemplateException {
    CompiledExpression[] operands = compileAll(compare.operands());
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

  private CompiledExpression attribute(Expr.Attribute attribute) throws TemplateException {
    CompiledExpression object = compile(attribute.object());
    String name = attribute.name();
    return (render, frame) -> Attributes.attribute(object.eval(render, frame), name, render);
  }

  private CompiledExpression item(Expr.Item item) throws TemplateException {
    CompiledExpression object = compile(item.object());
    if (item.index() instanceof Expr.Slice slice) {
      @Nullable CompiledExpression start = compileIfPresent(slice.start());
      @Nullable CompiledExpression stop = compileIfPresent(slice.stop());
      @Nullable CompiledExpression step = compileIfPresent(slice.step());
      return (render, frame) ->
          Slicing.slice(
              object.eval(render, frame),
              start == null ? Value.None.NONE : start.eval(render, frame),
              stop == null ? Value.None.NONE : stop.eval(render, frame),
              step == null ? Value.None.NONE : step.eval(render, frame),
              render);
    }
    CompiledExpression index = compile(item.index());
    return (render, frame) ->
        Attributes.item(object.eval(render, frame), index.eval(render, frame), render);
  }
}
