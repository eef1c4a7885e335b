package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.compile.CompiledStatement.Flow;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.Target;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Output;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the statements whose body has a scope of its own: set, filter, call, with and generation
 * blocks.
 */
final class BlockCompiler {

  private final StatementCompiler compiler;

  BlockCompiler(StatementCompiler compiler) {
    this.compiler = compiler;
  }

  CompiledStatement set(Stmt.SetBlock set, StatementCompiler.Context context)
      throws TemplateException {
    Scope scope = new Scope(context.scope().layout(), context.scope());
    ScopeAnalyzer.analyze(scope, set.body());
    CompiledTarget target = CompiledTarget.to(set.target(), context.scope());
    return captured(
        set.body(),
        set.filter(),
        scope,
        context,
        set.line(),
        (value, render, frame) -> {
          target.check(frame);
          target.assign(value, frame, render);
        });
  }

  CompiledStatement filter(Stmt.FilterBlock block, StatementCompiler.Context context)
      throws TemplateException {
    Scope scope = new Scope(context.scope().layout(), context.scope());
    ScopeAnalyzer.analyze(scope, block.body());
    ScopeAnalyzer.read(scope, block.filter());
    return captured(
        block.body(),
        block.filter(),
        scope,
        context,
        block.line(),
        (value, render, frame) -> render.printBlock(value));
  }

  private interface Consumer {
    void accept(Value value, Render render, Frame frame);
  }

  /**
   * Runs a body with its output captured and filtered. If the body leaves a loop around it, the
   * output is dropped.
   */
  private CompiledStatement captured(
      List<Stmt> statements,
      Expr.@Nullable Filter filter,
      Scope scope,
      StatementCompiler.Context context,
      int line,
      Consumer consumer)
      throws TemplateException {
    CompiledStatement enter = compiler.enter(scope);
    StatementCompiler.Context inner = context.inside(scope);
    CompiledStatement body = compiler.body(statements, inner);
    Scope.Variable text = scope.layout().newVariable();
    CompiledExpression captured =
        (render, frame) -> Objects.requireNonNullElse(frame.get(0, text.slot()), Value.Str.EMPTY);
    CompiledExpression value =
        filter == null ? captured : inner.expressions(line).calls().filter(filter, captured);
    return (render, frame) -> {
      Output out = render.startCapture();
      enter.run(render, frame);
      Flow flow = body.run(render, frame);
      frame.set(0, text.slot(), new Value.Str(render.endCapture(out)));
      if (flow == Flow.NEXT) {
        render.line(line);
        consumer.accept(value.eval(render, frame), render, frame);
      }
      return flow;
    };
  }

  CompiledStatement with(Stmt.With with, StatementCompiler.Context context)
      throws TemplateException {
    Scope scope = new Scope(context.scope().layout(), context.scope());
    for (Target target : with.targets()) {
      ScopeAnalyzer.parameters(scope, target);
    }
    ScopeAnalyzer.analyze(scope, with.body());
    List<CompiledStatement> statements = new ArrayList<>();
    statements.add(compiler.enter(scope));
    for (int i = 0; i < with.targets().size(); i++) {
      CompiledTarget target = CompiledTarget.to(with.targets().get(i), scope);
      CompiledExpression value = context.expressions(with.line()).compile(with.values().get(i));
      statements.add(
          (render, frame) -> {
            target.assign(value.eval(render, frame), frame, render);
            return Flow.NEXT;
          });
    }
    statements.add(compiler.body(with.body(), context.inside(scope)));
    return CompiledStatement.sequence(statements);
  }

  CompiledStatement call(Stmt.CallBlock block, StatementCompiler.Context context)
      throws TemplateException {
    CompiledMacro code =
        new MacroCompiler(compiler, context)
            .compile(null, block.signature(), block.body(), block.line());
    CompiledExpression caller = (render, frame) -> code.definedIn(frame);
    CompiledExpression call = context.expressions(block.line()).calls().call(block.call(), caller);
    int line = block.line();
    return (render, frame) -> {
      render.line(line);
      render.printBlock(call.eval(render, frame));
      return Flow.NEXT;
    };
  }

  CompiledStatement generation(Stmt.Generation generation, StatementCompiler.Context context)
      throws TemplateException {
    Scope inner = new Scope(context.scope().layout(), context.scope());
    ScopeAnalyzer.analyze(inner, generation.body());
    return CompiledStatement.sequence(
        List.of(compiler.enter(inner), compiler.body(generation.body(), context.inside(inner))));
  }
}
