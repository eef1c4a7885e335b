package io.kvroute.tokenizer.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Traverses the syntax tree. */
public final class Statements {

  private Statements() {}

  /** The targets that a statement assigns to. */
  public static List<Target> targets(Stmt stmt) {
    return switch (stmt) {
      case Stmt.For loop -> List.of(loop.target());
      case Stmt.Set set -> List.of(set.target());
      case Stmt.SetBlock set -> List.of(set.target());
      default -> List.of();
    };
  }

  /** The statements that are direct children of a statement. */
  public static List<Stmt> children(Stmt stmt) {
    return switch (stmt) {
      case Stmt.If conditional -> {
        List<Stmt> all = new ArrayList<>();
        conditional.branches().forEach(branch -> all.addAll(branch.body()));
        all.addAll(conditional.orElse());
        yield all;
      }
      case Stmt.For loop -> {
        List<Stmt> all = new ArrayList<>(loop.body());
        all.addAll(loop.orElse());
        yield all;
      }
      case Stmt.SetBlock set -> set.body();
      case Stmt.Macro macro -> macro.body();
      case Stmt.CallBlock call -> call.body();
      case Stmt.FilterBlock filter -> filter.body();
      case Stmt.With with -> with.body();
      case Stmt.Generation generation -> generation.body();
      default -> List.of();
    };
  }

  /** The expressions that are direct children of a statement. */
  public static List<Expr> expressions(Stmt stmt) {
    return switch (stmt) {
      case Stmt.Print print -> List.of(print.value());
      case Stmt.If conditional -> conditional.branches().stream().map(Stmt.Branch::test).toList();
      case Stmt.For loop ->
          loop.test() == null ? List.of(loop.iterable()) : List.of(loop.iterable(), loop.test());
      case Stmt.Set set -> List.of(set.value());
      case Stmt.SetBlock set -> set.filter() == null ? List.of() : List.of(set.filter());
      case Stmt.Macro macro -> macro.signature().defaults();
      case Stmt.CallBlock call -> {
        List<Expr> all = new ArrayList<>(List.of(call.call()));
        all.addAll(call.signature().defaults());
        yield all;
      }
      case Stmt.FilterBlock filter -> List.of(filter.filter());
      case Stmt.With with -> with.values();
      default -> List.of();
    };
  }

  /** Visits every statement in document order, outer before inner. */
  public static void forEach(List<Stmt> body, Consumer<Stmt> visitor) {
    for (Stmt stmt : body) {
      visitor.accept(stmt);
      forEach(children(stmt), visitor);
    }
  }
}
