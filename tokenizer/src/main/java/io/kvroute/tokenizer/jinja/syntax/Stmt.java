package io.kvroute.tokenizer.jinja.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of the syntax tree. Immutable. */
public sealed interface Stmt {

  /** Text that is printed unchanged. */
  record Data(String text) implements Stmt {}

  record Print(Expr value, int line) implements Stmt {}

  record Branch(Expr test, List<Stmt> body, int line) {}

  record If(List<Branch> branches, List<Stmt> orElse) implements Stmt {}

  record For(
      Target target,
      Expr iterable,
      @Nullable Expr test,
      List<Stmt> body,
      List<Stmt> orElse,
      boolean recursive,
      int line)
      implements Stmt {}

  record Set(Target target, Expr value, int line) implements Stmt {}

  record SetBlock(Target target, Expr.@Nullable Filter filter, List<Stmt> body, int line)
      implements Stmt {}

  /** The parameters of a macro. The defaults belong to the last of them. */
  record Signature(List<String> names, List<Expr> defaults) {

    public static final Signature EMPTY = new Signature(List.of(), List.of());

    public @Nullable Expr defaultOf(int index) {
      int i = index - (names.size() - defaults.size());
      return i < 0 ? null : defaults.get(i);
    }
  }

  record Macro(String name, Signature signature, List<Stmt> body, int line) implements Stmt {}

  record CallBlock(Signature signature, Expr.Call call, List<Stmt> body, int line)
      implements Stmt {}

  record FilterBlock(Expr.Filter filter, List<Stmt> body, int line) implements Stmt {}

  record With(List<Target> targets, List<Expr> values, List<Stmt> body, int line) implements Stmt {}

  /** Text that training marks as written by the assistant. Renders like its body. */
  record Generation(List<Stmt> body, int line) implements Stmt {}

  record Break(int line) implements Stmt {}

  record Continue(int line) implements Stmt {}
}
