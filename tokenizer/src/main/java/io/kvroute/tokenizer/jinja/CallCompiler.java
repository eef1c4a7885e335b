package io.kvroute.tokenizer.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles the expressions that take arguments: calls, filters and tests. */
final class CallCompiler {

  private final ExpressionCompiler expressions;

  CallCompiler(ExpressionCompiler expressions) {
    this.expressions = expressions;
  }

  /** A call; {@code caller} is the body of a call block, which it passes on. */
  Op call(Expr.Call call, @Nullable Op caller) throws TemplateException {
    Op callee = expressions.compile(call.callee());
    Arguments.Evaluator arguments = arguments(call.arguments());
    return (render, frame) -> {
      Value function = callee.eval(render, frame);
      Args args = arguments.eval(render, frame);
      if (caller != null) {
        args = Arguments.withNamed(args, "caller", caller.eval(render, frame));
      }
      render.step();
      return Functions.call(function, args, render);
    };
  }

  private Arguments.Evaluator arguments(Expr.Arguments arguments) throws TemplateException {
    Op[] positional = expressions.compileAll(arguments.positional());
    Map<String, Op> named = new LinkedHashMap<>();
    for (Expr.Named argument : arguments.named()) {
      if (named.put(argument.name(), expressions.compile(argument.value())) != null) {
        throw new TemplateException(
            expressions.line(), "keyword argument repeated: " + argument.name());
      }
    }
    return Arguments.evaluator(
        positional,
        named,
        expressions.compileIfPresent(arguments.star()),
        expressions.compileIfPresent(arguments.doubleStar()));
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
              : expressions.compile(inputExpr);
    }
    Arguments.Evaluator arguments = arguments(filter.arguments());
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

  Op test(Expr.Test test) throws TemplateException {
    Op input = expressions.compile(test.input());
    Arguments.Evaluator arguments = arguments(test.arguments());
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
    if (!expressions.lenient()) {
      throw new TemplateException(at, message);
    }
    return (render, frame) -> {
      throw Failure.error("TemplateRuntimeError: " + message + " found.");
    };
  }
}
