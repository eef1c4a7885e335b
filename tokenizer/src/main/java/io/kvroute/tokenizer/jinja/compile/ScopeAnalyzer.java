package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Records in a scope which names its statements read and assign. Does not descend into inner
 * scopes.
 */
final class ScopeAnalyzer {

  private Scope scope;

  private ScopeAnalyzer(Scope scope) {
    this.scope = scope;
  }

  static void analyze(Scope scope, List<Stmt> body) {
    new ScopeAnalyzer(scope).visit(body);
  }

  static void read(Scope scope, Expr root) {
    Deque<Expr> pending = new ArrayDeque<>();
    pending.push(root);
    while (!pending.isEmpty()) {
      Expr expr = pending.pop();
      if (expr instanceof Expr.Name name) {
        scope.load(name.name());
      }
      expr.children().forEach(pending::push);
    }
  }

  static void parameters(Scope scope, Target target) {
    target.forEachLeaf(
        leaf -> {
          if (leaf instanceof Target.Name name) {
            scope.parameter(name.name());
          }
        });
  }

  private void visit(List<Stmt> body) {
    body.forEach(this::visit);
  }

  private void visit(Stmt stmt) {
    switch (stmt) {
      case Stmt.Print print -> read(scope, print.value());
      case Stmt.If conditional -> conditional(conditional);
      case Stmt.For loop -> read(scope, loop.iterable());
      case Stmt.Set set -> {
        read(scope, set.value());
        assign(set.target());
      }
      case Stmt.SetBlock set -> assign(set.target());
      case Stmt.Macro macro -> scope.store(macro.name());
      case Stmt.CallBlock call -> read(scope, call.call());
      case Stmt.FilterBlock filter -> read(scope, filter.filter());
      case Stmt.With with -> with.values().forEach(value -> read(scope, value));
      case Stmt.Data data -> {}
      case Stmt.Generation generation -> {}
      case Stmt.Break leave -> {}
      case Stmt.Continue next -> {}
    }
  }

  private void assign(Target target) {
    target.forEachLeaf(
        leaf -> {
          switch (leaf) {
            case Target.Name name -> scope.store(name.name());
            case Target.NamespaceAttribute attribute -> scope.load(attribute.name());
            case Target.TupleOf tuple -> {}
          }
        });
  }

  private void conditional(Stmt.If conditional) {
    List<Stmt.Branch> branches = conditional.branches();
    read(scope, branches.getFirst().test());
    Scope around = scope;
    Scope first = around.branch();
    scope = first;
    visit(branches.getFirst().body());
    Scope elifs = around.branch();
    scope = elifs;
    for (Stmt.Branch branch : branches.subList(1, branches.size())) {
      conditional(new Stmt.If(List.of(branch), List.of()));
    }
    Scope last = around.branch();
    scope = last;
    visit(conditional.orElse());
    scope = around;
    around.merge(List.of(first, elifs, last));
  }
}
