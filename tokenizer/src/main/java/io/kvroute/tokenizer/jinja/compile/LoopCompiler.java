package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.compile.CompiledStatement.Flow;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Statements;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.Target;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Lookahead;
import io.kvroute.tokenizer.jinja.values.LoopVariable;
import io.kvroute.tokenizer.jinja.values.Output;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one {@code for} loop. A recursive loop runs in frames of its own, because it may be
 * active several times at once; any other loop keeps its variables in the frame around it.
 */
final class LoopCompiler {

  private final StatementCompiler statements;
  private final Stmt.For loop;
  private final StatementCompiler.Context context;

  LoopCompiler(StatementCompiler statements, Stmt.For loop, StatementCompiler.Context context) {
    this.statements = statements;
    this.loop = loop;
    this.context = context;
  }

  /**
   * The compiled parts of a loop.
   *
   * @param variable the slot of {@code loop}; -1 if nothing reads that variable
   */
  private record Parts(
      int variable,
      CompiledTarget target,
      CompiledStatement enter,
      CompiledStatement body,
      CompiledStatement orElse,
      @Nullable Condition condition) {}

  /** The condition after {@code if} in the head of the loop, with variables of its own. */
  private record Condition(
      CompiledStatement enter, CompiledTarget target, CompiledExpression test) {}

  CompiledStatement compile() throws TemplateException {
    rejectAssignedLoop();
    CompiledExpression iterable = context.expressions(loop.line()).compile(loop.iterable());
    int line = loop.line();
    if (!loop.recursive()) {
      Parts parts = parts(context.scope().layout(), context.height() + 1);
      return (render, frame) -> {
        render.line(line);
        return run(parts, iterable.eval(render, frame), null, 0, render, frame);
      };
    }
    FrameLayout layout = new FrameLayout(context.scope().layout());
    Parts parts = parts(layout, 2);
    return (render, frame) -> {
      render.line(line);
      Value items = iterable.eval(render, frame);
      render.print(Repr.str(new Recursion(parts, layout, frame).run(items, 0, render), render));
      return Flow.NEXT;
    };
  }

  /** Runs a recursive loop in a new frame inside the frame in which the loop was started. */
  private record Recursion(Parts parts, FrameLayout layout, Frame outer)
      implements LoopVariable.Recursion {
    @Override
    public Value run(Value items, int depth0, Render render) {
      render.step();
      render.enter(layout.height());
      Output out = render.startCapture();
      LoopCompiler.run(parts, items, this, depth0, render, layout.newFrame(outer));
      render.leave(layout.height());
      return new Value.Str(render.endCapture(out));
    }
  }

  private Parts parts(FrameLayout layout, int height) throws TemplateException {
    Scope scope = new Scope(layout, context.scope());
    Scope elseScope = new Scope(layout, context.scope());
    boolean extended =
        loop.recursive() || !NameSearch.readIn(loop.body(), Set.of("loop")).isEmpty();
    int variable = extended ? scope.parameter("loop").slot() : -1;
    ScopeAnalyzer.parameters(scope, loop.target());
    ScopeAnalyzer.analyze(scope, loop.body());
    ScopeAnalyzer.analyze(elseScope, loop.orElse());
    CompiledStatement enter = statements.enter(scope);
    CompiledStatement body =
        statements.body(loop.body(), new StatementCompiler.Context(scope, height, false));
    CompiledStatement enterElse = statements.enter(elseScope);
    CompiledStatement orElse =
        statements.body(loop.orElse(), new StatementCompiler.Context(elseScope, height, false));
    return new Parts(
        variable,
        CompiledTarget.to(loop.target(), scope),
        enter,
        body,
        CompiledStatement.sequence(List.of(enterElse, orElse)),
        condition(layout, height));
  }

  private @Nullable Condition condition(FrameLayout layout, int height) throws TemplateException {
    Expr test = loop.test();
    if (test == null) {
      return null;
    }
    Scope scope = new Scope(layout, context.scope());
    ScopeAnalyzer.parameters(scope, loop.target());
    ScopeAnalyzer.read(scope, test);
    return new Condition(
        statements.enter(scope),
        CompiledTarget.to(loop.target(), scope),
        new StatementCompiler.Context(scope, height, false).expressions(loop.line()).compile(test));
  }

  private static Flow run(
      Parts parts,
      Value source,
      LoopVariable.@Nullable Recursion recursion,
      int depth0,
      Render render,
      Frame frame) {
    Iterator<Value> items = Iteration.of(source, render);
    Condition condition = parts.condition();
    if (condition != null) {
      items = new FilteredItems(items, condition, render, frame);
    }
    LoopVariable loop =
        parts.variable() < 0
            ? null
            : new LoopVariable(source, items, condition != null, recursion, depth0);
    boolean completed = false;
    while (loop == null ? items.hasNext() : loop.hasNext()) {
      render.step();
      parts.target().assign(loop == null ? items.next() : loop.advance(), frame, render);
      if (loop != null) {
        frame.set(0, parts.variable(), loop);
      }
      parts.enter().run(render, frame);
      Flow flow = parts.body().run(render, frame);
      if (flow == Flow.BREAK) {
        break;
      }
      completed |= flow == Flow.NEXT;
    }
    // Jinja runs the else branch unless some iteration reached the end of the body: an iteration
    // that
    // break or continue cut short does not count.
    return completed ? Flow.NEXT : parts.orElse().run(render, frame);
  }

  /** The items that satisfy the condition of the loop, tested one at a time. */
  private static final class FilteredItems extends Lookahead {
    private final Iterator<Value> items;
    private final Condition condition;
    private final Render render;
    private final Frame frame;
    private boolean entered;

    FilteredItems(Iterator<Value> items, Condition condition, Render render, Frame frame) {
      this.items = items;
      this.condition = condition;
      this.render = render;
      this.frame = frame;
    }

    @Override
    public @Nullable Value find() {
      if (!entered) {
        entered = true;
        condition.enter().run(render, frame);
      }
      while (items.hasNext()) {
        render.step();
        Value item = items.next();
        condition.target().assign(item, frame, render);
        if (Types.truth(condition.test().eval(render, frame))) {
          return item;
        }
      }
      return null;
    }
  }

  private void rejectAssignedLoop() throws TemplateException {
    boolean[] found = {assigns(loop.target())};
    Deque<Stmt> pending = new ArrayDeque<>(loop.body());
    pending.addAll(loop.orElse());
    while (!pending.isEmpty() && !found[0]) {
      Stmt stmt = pending.pop();
      Statements.targets(stmt).forEach(target -> found[0] |= assigns(target));
      pending.addAll(Statements.children(stmt));
    }
    if (found[0]) {
      throw new TemplateException(loop.line(), "can't assign to the loop variable in a for loop");
    }
  }

  private static boolean assigns(Target target) {
    boolean[] found = {false};
    target.forEachLeaf(
        leaf -> found[0] |= leaf instanceof Target.Name name && name.name().equals("loop"));
    return found[0];
  }
}
