package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.filters.Filter;
import io.kvroute.tokenizer.jinja.filters.Filters;
import io.kvroute.tokenizer.jinja.filters.Tests;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.Calls;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles the expressions that take arguments: calls, filters and tests. */
final class CallCompiler {

  private final ExpressionCompiler expressions;

  CallCompiler(ExpressionCompiler expressions) {
    this.expressions = expressions;
  }

  /**
   * Compiles a call. {@code caller} is the body of a call block, which becomes the argument {@code
   * caller}.
   */
  CompiledExpression call(Expr.Call call, @Nullable CompiledExpression caller)
      throws TemplateException {
    CompiledExpression callee = expressions.compile(call.callee());
    CompiledArguments.Evaluator arguments = arguments(call.arguments());
    return (render, frame) -> {
      Value function = callee.eval(render, frame);
      Args args = arguments.eval(render, frame);
      if (caller != null) {
        args = CompiledArguments.withNamed(args, "caller", caller.eval(render, frame));
      }
      render.step();
      return Calls.call(function, args, render);
    };
  }

  private CompiledArguments.Evaluator arguments(Expr.Arguments arguments) throws TemplateException {
    CompiledExpression[] positional = expressions.compileAll(arguments.positional());
    Map<String, CompiledExpression> named = new LinkedHashMap<>();
    for (Expr.Named argument : arguments.named()) {
      if (named.put(argument.name(), expressions.compile(argument.value())) != null) {
        throw new TemplateException(
            expressions.line(), "keyword argument repeated: " + argument.name());
      }
    }
    return CompiledArguments.evaluator(
        positional,
        named,
        expressions.compileIfPresent(arguments.star()),
        expressions.compileIfPresent(arguments.doubleStar()));
  }

  /** Compiles a filter. {@code block} supplies the input of a filter that has none of its own. */
  CompiledExpression filter(Expr.Filter filter, @Nullable CompiledExpression block)
      throws TemplateException {
    Expr inputExpr = filter.input();
    CompiledExpression input;
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
    CompiledArguments.Evaluator arguments = arguments(filter.arguments());
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

  CompiledExpression test(Expr.Test test) throws TemplateException {
    CompiledExpression input = expressions.compile(test.input());
    CompiledArguments.Evaluator arguments = arguments(test.arguments());
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

  private CompiledExpression unknown(String what, String name, int at) throws TemplateException {
    String message = "No " + what + " named '" + name + "'";
    if (!expressions.lenient()) {
      throw new TemplateException(at, message);
    }
    return (render, frame) -> {
      throw EvaluationException.error("TemplateRuntimeError: " + message + " found.");
    };
  }
}
