package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.compile.CompiledStatement.Flow;
import io.kvroute.tokenizer.jinja.filters.GlobalFunctions;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.Target;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compiles a syntax tree to a tree of closures, and collects which variables the template reads
 * from the request.
 *
 * <p>Layout: every name is resolved to a slot before anything runs (see {@link Scope}). A {@link
 * Frame} is an array of slots with a reference to the frame around it; a variable is addressed as
 * (hops outward, slot). Compiling takes time linear in the template. Running a statement costs one
 * virtual call, reading a variable an array access per hop; no name is looked up while rendering.
 *
 * <p>Source: the code that {@code jinja2/compiler.py} 3.1 generates. Example:
 *
 * <pre>{@code
 * {% set x = 1 %}            frame[0] = 1
 * {% macro hi(name) %}       new layout: name is slot 0 of its own frames
 *   {{ x }} {{ name }}       print (hops 1, slot 0), print (hops 0, slot 0)
 * {% endmacro %}             frame[1] = the macro and the current frame
 * {{ hi("Ann") }}            new frame {"Ann"} inside the current one; prints its output
 * }</pre>
 */
public final class StatementCompiler {

  private final Set<String> undeclared = new TreeSet<>();
  private final BlockCompiler blocks = new BlockCompiler(this);

  /** A whole template, ready to run. */
  public record Program(FrameLayout layout, CompiledStatement statement, Set<String> undeclared) {}

  public static Program compile(List<Stmt> template) throws TemplateException {
    StatementCompiler compiler = new StatementCompiler();
    FrameLayout layout = new FrameLayout(null);
    Scope scope = new Scope(layout, null);
    ScopeAnalyzer.analyze(scope, template);
    CompiledStatement enter = compiler.enter(scope);
    CompiledStatement body = compiler.body(template, new Context(scope, 1, false));
    return new Program(
        layout, CompiledStatement.sequence(List.of(enter, body)), Set.copyOf(compiler.undeclared));
  }

  /**
   * The place of statements in the template.
   *
   * @param height their depth in the syntax tree below the start of their frame layout
   * @param lenient whether an unknown filter fails only when it is evaluated
   */
  record Context(Scope scope, int height, boolean lenient) {

    ExpressionCompiler expressions(int line) {
      scope.layout().recordHeight(height);
      return new ExpressionCompiler(scope, height, lenient, line);
    }

    Context inside(Scope inner) {
      return new Context(inner, height + 1, false);
    }

    Context inCondition() {
      return new Context(scope, height + 1, true);
    }
  }

  CompiledStatement body(List<Stmt> body, Context context) throws TemplateException {
    List<CompiledStatement> statements = new ArrayList<>(body.size());
    for (Stmt stmt : body) {
      statements.add(statement(stmt, context));
    }
    return CompiledStatement.sequence(statements);
  }

  private CompiledStatement statement(Stmt stmt, Context context) throws TemplateException {
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
      case Stmt.SetBlock set -> blocks.set(set, context);
      case Stmt.Macro macro -> {
        CompiledMacro code =
            new MacroCompiler(this, context)
                .compile(macro.name(), macro.signature(), macro.body(), macro.line());
        CompiledTarget target = CompiledTarget.to(new Target.Name(macro.name()), context.scope());
        yield (render, frame) -> {
          target.assign(code.definedIn(frame), frame, render);
          return Flow.NEXT;
        };
      }
      case Stmt.CallBlock block -> blocks.call(block, context);
      case Stmt.FilterBlock block -> blocks.filter(block, context);
      case Stmt.With with -> blocks.with(with, context);
      case Stmt.Generation generation -> blocks.generation(generation, context);
      case Stmt.Break leave -> (render, frame) -> Flow.BREAK;
      case Stmt.Continue next -> (render, frame) -> Flow.CONTINUE;
    };
  }

  private static CompiledStatement print(Stmt.Print print, Context context)
      throws TemplateException {
    CompiledExpression value = context.expressions(print.line()).compile(print.value());
    int line = print.line();
    if (value instanceof CompiledSum sum) {
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

  private CompiledStatement conditional(Stmt.If conditional, Context context)
      throws TemplateException {
    int count = conditional.branches().size();
    Context inner = context.inCondition();
    CompiledExpression[] tests = new CompiledExpression[count];
    CompiledStatement[] bodies = new CompiledStatement[count];
    int[] lines = new int[count];
    for (int i = 0; i < count; i++) {
      Stmt.Branch branch = conditional.branches().get(i);
      tests[i] = inner.expressions(branch.line()).compile(branch.test());
      bodies[i] = body(branch.body(), inner);
      lines[i] = branch.line();
    }
    CompiledStatement orElse = body(conditional.orElse(), inner);
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

  private static CompiledStatement set(Stmt.Set set, Context context) throws TemplateException {
    CompiledExpression value = context.expressions(set.line()).compile(set.value());
    CompiledTarget target = CompiledTarget.to(set.target(), context.scope());
    int line = set.line();
    return (render, frame) -> {
      render.line(line);
      render.step();
      target.check(frame);
      target.assign(value.eval(render, frame), frame, render);
      return Flow.NEXT;
    };
  }

  /** Gives the variables of a scope their initial values, before its first statement runs. */
  CompiledStatement enter(Scope scope) {
    Scope.collectResolved(scope.loads().values(), undeclared);
    List<CompiledStatement> statements = new ArrayList<>();
    for (Map.Entry<Scope.Variable, Scope.Load> entry : scope.loads().entrySet()) {
      int slot = entry.getKey().slot();
      switch (entry.getValue()) {
        case Scope.Load.Resolve resolve -> {
          String name = resolve.name();
          Value global = GlobalFunctions.get(name);
          statements.add(
              (render, frame) -> {
                Value variable = render.variable(name);
                frame.set(0, slot, variable != null ? variable : global);
                return Flow.NEXT;
              });
        }
        case Scope.Load.Alias alias -> {
          int hops = scope.layout().hopsTo(alias.source().layout());
          int source = alias.source().slot();
          statements.add(
              (render, frame) -> {
                frame.set(0, slot, frame.get(hops, source));
                return Flow.NEXT;
              });
        }
        case Scope.Load.Nothing nothing ->
            statements.add(
                (render, frame) -> {
                  frame.set(0, slot, null);
                  return Flow.NEXT;
                });
        case Scope.Load.Parameter parameter -> {}
      }
    }
    return CompiledStatement.sequence(statements);
  }
}
