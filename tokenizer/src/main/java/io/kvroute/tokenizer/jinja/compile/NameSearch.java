package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds which special names ({@code loop}, {@code caller}, ...) some statements read before they
 * assign them, nested scopes included, in the order of Jinja's {@code find_undeclared}.
 */
final class NameSearch {

  private final Set<String> wanted;
  private final Set<String> found = new HashSet<>();

  private NameSearch(Set<String> names) {
    this.wanted = new HashSet<>(names);
  }

  static Set<String> readIn(List<Stmt> body, Set<String> names) {
    NameSearch search = new NameSearch(names);
    search.visit(body);
    return search.found;
  }

  private void visit(List<Stmt> body) {
    body.forEach(this::visit);
  }

  private void visit(Stmt stmt) {
    switch (stmt) {
      case Stmt.Print print -> read(print.value());
      case Stmt.If conditional -> {
        for (Stmt.Branch branch : conditional.branches()) {
          read(branch.test());
          visit(branch.body());
        }
        visit(conditional.orElse());
      }
      case Stmt.For loop -> {
        assign(loop.target());
        read(loop.iterable());
        visit(loop.body());
        visit(loop.orElse());
        if (loop.test() != null) {
          read(loop.test());
        }
      }
      case Stmt.Set set -> {
        assign(set.target());
        read(set.value());
      }
      case Stmt.SetBlock set -> {
        assign(set.target());
        if (set.filter() != null) {
          read(set.filter());
        }
        visit(set.body());
      }
      case Stmt.Macro macro -> {
        signature(macro.signature());
        visit(macro.body());
      }
      case Stmt.CallBlock call -> {
        read(call.call());
        signature(call.signature());
        visit(call.body());
      }
      case Stmt.FilterBlock filter -> {
        visit(filter.body());
        read(filter.filter());
      }
      case Stmt.With with -> {
        with.targets().forEach(this::assign);
        with.values().forEach(this::read);
        visit(with.body());
      }
      case Stmt.Generation generation -> visit(generation.body());
      case Stmt.Data data -> {}
      case Stmt.Break leave -> {}
      case Stmt.Continue next -> {}
    }
  }

  private void signature(Stmt.Signature signature) {
    wanted.removeAll(Set.copyOf(signature.names()));
    signature.defaults().forEach(this::read);
  }

  private void assign(Target target) {
    target.forEachLeaf(
        leaf -> {
          if (leaf instanceof Target.Name name) {
            wanted.remove(name.name());
          }
        });
  }

  private void read(Expr root) {
    Deque<Expr> pending = new ArrayDeque<>(List.of(root));
    while (!pending.isEmpty()) {
      Expr expr = pending.pop();
      if (expr instanceof Expr.Name name && wanted.contains(name.name())) {
        found.add(name.name());
      }
      expr.children().forEach(pending::push);
    }
  }
}
