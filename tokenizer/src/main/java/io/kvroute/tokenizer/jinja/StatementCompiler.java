package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.Step.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compiles statements to steps, with every name resolved to a slot. Also collects which variables
 * the template asks of the request.
 */
final class StatementCompiler {

  private final Set<String> undeclared = new TreeSet<>();

  /** A whole template, ready to run. */
  record Program(FunctionCode function, Step step, Set<String> undeclared) {}

  static Program compile(List<Stmt> template) throws TemplateException {
    StatementCompiler compiler = new StatementCompiler();
    FunctionCode function = new FunctionCode(null);
    Scope scope = new Scope(function, null);
    ScopeAnalyzer.analyze(scope, template);
    Step enter = compiler.enter(scope);
    Step body = compiler.body(template, new Context(scope, 1, false));
    return new Program(function, Step.all(List.of(enter, body)), Set.copyOf(compiler.undeclared));
  }

  /**
   * Where statements stand.
   *
   * @param height how deep in the syntax tree of their function
   * @param lenient whether an unknown filter is an error only when it runs
   */
  record Context(Scope scope, int height, boolean lenient) {

    ExpressionCompiler expressions(int line) {
      scope.function().reach(height);
      return new ExpressionCompiler(scope, height, lenient, line);
    }

    Context inside(Scope inner) {
      return new Context(inner, height + 1, false);
    }

    Context inCondition() {
      return new Context(scope, height + 1, true);
    }
  }

  Step body(List<Stmt> body, Context context) throws TemplateException {
    List<Step> steps = new ArrayList<>(body.size());
    for (Stmt stmt : body) {
      steps.add(statement(stmt, context));
    }
    return Step.all(steps);
  }

  private Step statement(Stmt stmt, Context context) throws TemplateException {
    return switch (stmt) {
      case Stmt.Data data -> {
        String text = data.text();
        yield (render, frame) -> {
          render.print(text);
          return Flow.NEXT;
        };
      }
      case Stmt.Print print -> print(print, context);
      case Stmt.If conditional -> conditional(conditional, context);
      case Stmt.For loop -> new LoopCompiler(this, loop, context).compile();
      case Stmt.Set set -> set(set, context);
      case Stmt.SetBlock set -> setBlock(set, context);
      case Stmt.Macro macro -> {
        MacroCode code =
            new MacroCompiler(this, context)
                .compile(macro.name(), macro.signature(), macro.body(), macro.line());
        Assignment target = Assignment.to(new Target.Name(macro.name()), context.scope());
        yield (render, frame) -> {
          target.assign(code.definedIn(frame), frame, render);
          return Flow.NEXT;
        };
      }
      case Stmt.CallBlock block -> callBlock(block, context);
      case Stmt.FilterBlock block -> filterBlock(block, context);
      case Stmt.With with -> with(with, context);
      case Stmt.Generation generation -> {
        Scope inner = new Scope(context.scope().function(), context.scope());
        ScopeAnalyzer.analyze(inner, generation.body());
        yield Step.all(List.of(enter(inner), body(generation.body(), context.inside(inner))));
      }
      case Stmt.Break leave -> (render, frame) -> Flow.BREAK;
      case Stmt.Continue next -> (render, frame) -> Flow.CONTINUE;
    };
  }

  private static Step print(Stmt.Print print, Context context) throws TemplateException {
    Op value = context.expressions(print.line()).compile(print.value());
    int line = print.line();
    if (value instanceof Sum sum) {
      return (render, frame) -> {
        render.line(line);
        sum.print(render, frame);
        return Flow.NEXT;
      };
    }
    return (render, frame) -> {
      render.line(line);
      render.print(Repr.str(value.eval(render, frame), render));
      return Flow.NEXT;
    };
  }

  private Step conditional(Stmt.If conditional, Context context) throws TemplateException {
    int count = conditional.branches().size();
    Context inner = context.inCondition();
    Op[] tests = new Op[count];
    Step[] bodies = new Step[count];
    int[] lines = new int[count];
    for (int i = 0; i < count; i++) {
      Stmt.Branch branch = conditional.branches().get(i);
      tests[i] = inner.expressions(branch.line()).compile(branch.test());
      bodies[i] = body(branch.body(), inner);
      lines[i] = branch.line();
    }
    Step orElse = body(conditional.orElse(), inner);
    return (render, frame) -> {
      for (int i = 0; i < tests.length; i++) {
        render.line(lines[i]);
        if (Types.truth(tests[i].eval(render, frame))) {
          return bodies[i].run(render, frame);
        }
      }
      return orElse.run(render, frame);
    };
  }

  private static Step set(Stmt.Set set, Context context) throws TemplateException {
    Op value = context.expressions(set.line()).compile(set.value());
    Assignment target = Assignment.to(set.target(), context.scope());
    int line = set.line();
    return (render, frame) -> {
      render.line(line);
      render.step();
      target.check(frame);
      target.assign(value.eval(render, frame), frame, render);
      return Flow.NEXT;
    };
  }

  private Step setBlock(Stmt.SetBlock set, Context context) throws TemplateException {
    Scope scope = new Scope(context.scope().function(), context.scope());
    ScopeAnalyzer.analyze(scope, set.body());
    Assignment target = Assignment.to(set.target(), context.scope());
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

  private Step filterBlock(Stmt.FilterBlock block, Context context) throws TemplateException {
    Scope scope = new Scope(context.scope().function(), context.scope());
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

  /** Runs a body with its output captured and filtered; a break out of it drops the output. */
  private Step captured(
      List<Stmt> statements,
      Expr.@Nullable Filter filter,
      Scope scope,
      Context context,
      int line,
      Consumer consumer)
      throws TemplateException {
    Step enter = enter(scope);
    Context inner = context.inside(scope);
    Step body = body(statements, inner);
    Scope.Variable text = scope.function().newVariable();
    Op captured =
        (render, frame) -> Objects.requireNonNullElse(frame.get(0, text.slot()), Value.Str.EMPTY);
    Op value = filter == null ? captured : inner.expressions(line).calls().filter(filter, captured);
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

  private Step with(Stmt.With with, Context context) throws TemplateException {
    Scope scope = new Scope(context.scope().function(), context.scope());
    for (Target target : with.targets()) {
      ScopeAnalyzer.parameters(scope, target);
    }
    ScopeAnalyzer.analyze(scope, with.body());
    List<Step> steps = new ArrayList<>();
    steps.add(enter(scope));
    for (int i = 0; i < with.targets().size(); i++) {
      Assignment target = Assignment.to(with.targets().get(i), scope);
      Op value = context.expressions(with.line()).compile(with.values().get(i));
      steps.add(
          (render, frame) -> {
            target.assign(value.eval(render, frame), frame, render);
            return Flow.NEXT;
          });
    }
    steps.add(body(with.body(), context.inside(scope)));
    return Step.all(steps);
  }

  private Step callBlock(Stmt.CallBlock block, Context context) throws TemplateException {
    MacroCode code =
        new MacroCompiler(this, context)
            .compile(null, block.signature(), block.body(), block.line());
    Op caller = (render, frame) -> code.definedIn(frame);
    Op call = context.expressions(block.line()).calls().call(block.call(), caller);
    int line = block.line();
    return (render, frame) -> {
      render.line(line);
      render.printBlock(call.eval(render, frame));
      return Flow.NEXT;
    };
  }

  /** Gives the variables of a scope what they hold before its first statement. */
  Step enter(Scope scope) {
    Scope.collectResolved(scope.loads().values(), undeclared);
    List<Step> steps = new ArrayList<>();
    for (Map.Entry<Scope.Variable, Scope.Load> entry : scope.loads().entrySet()) {
      int slot = entry.getKey().slot();
      switch (entry.getValue()) {
        case Scope.Load.Resolve resolve -> {
          String name = resolve.name();
          Value global = Globals.get(name);
          steps.add(
              (render, frame) -> {
                Value variable = render.variable(name);
                frame.set(0, slot, variable != null ? variable : global);
                return Flow.NEXT;
              });
        }
        case Scope.Load.Alias alias -> {
          int hops = scope.function().hopsTo(alias.source().function());
          int source = alias.source().slot();
          steps.add(
              (render, frame) -> {
                frame.set(0, slot, frame.get(hops, source));
                return Flow.NEXT;
              });
        }
        case Scope.Load.Nothing nothing ->
            steps.add(
                (render, frame) -> {
                  frame.set(0, slot, null);
                  return Flow.NEXT;
                });
        case Scope.Load.Parameter parameter -> {}
      }
    }
    return Step.all(steps);
  }
}
