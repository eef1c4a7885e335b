package io.kvroute.tokenizer.jinja.syntax;

import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.CompareOp;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of the syntax tree. Immutable. */
public sealed interface Expr {

  /** The direct children, in the order in which Python evaluates them. */
  default List<Expr> children() {
    return List.of();
  }

  record Const(Value value) implements Expr {}

  /** A variable that is read. */
  record Name(String name) implements Expr {}

  record TupleOf(List<Expr> items) implements Expr {
    @Override
    public List<Expr> children() {
      return items;
    }
  }

  record ListLiteral(List<Expr> items) implements Expr {
    @Override
    public List<Expr> children() {
      return items;
    }
  }

  record Pair(Expr key, Expr value) {}

  record DictLiteral(List<Pair> pairs) implements Expr {
    @Override
    public List<Expr> children() {
      List<Expr> all = new ArrayList<>(pairs.size() * 2);
      for (Pair pair : pairs) {
        all.add(pair.key());
        all.add(pair.value());
      }
      return all;
    }
  }

  /** {@code then if test else orElse}. */
  record Conditional(Expr test, Expr then, @Nullable Expr orElse, int line) implements Expr {
    @Override
    public List<Expr> children() {
      return orElse == null ? List.of(test, then) : List.of(test, then, orElse);
    }
  }

  /** Operands joined by {@code or}, or by {@code and}. */
  record Logic(boolean or, List<Expr> operands) implements Expr {
    @Override
    public List<Expr> children() {
      return operands;
    }
  }

  record Not(Expr operand) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  record Negate(Expr operand, boolean positive) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(operand);
    }
  }

  /**
   * Operands of one precedence, applied from the left. {@code operators[i]} stands before {@code
   * operands[i + 1]}.
   */
  record Arithmetic(List<Expr> operands, List<ArithmeticOp> operators) implements Expr {
    @Override
    public List<Expr> children() {
      return operands;
    }
  }

  /** Operands joined by {@code ~}. */
  record Concat(List<Expr> operands) implements Expr {
    @Override
    public List<Expr> children() {
      return operands;
    }
  }

  /** {@code operands[0] operators[0] operands[1] ...}, chained as Python chains comparisons. */
  record Compare(List<Expr> operands, List<CompareOp> operators) implements Expr {
    @Override
    public List<Expr> children() {
      return operands;
    }
  }

  /** {@code object.name}. */
  record Attribute(Expr object, String name) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(object);
    }
  }

  /** {@code object[index]}. */
  record Item(Expr object, Expr index) implements Expr {
    @Override
    public List<Expr> children() {
      return List.of(object, index);
    }
  }

  /** {@code start:stop:step}; occurs only as the index of an {@link Item}. */
  record Slice(@Nullable Expr start, @Nullable Expr stop, @Nullable Expr step) implements Expr {
    @Override
    public List<Expr> children() {
      List<Expr> all = new ArrayList<>(3);
      addIfPresent(all, start);
      addIfPresent(all, stop);
      addIfPresent(all, step);
      return all;
    }
  }

  record Call(Expr callee, Arguments arguments) implements Expr {
    @Override
    public List<Expr> children() {
      return arguments.childrenAfter(callee);
    }
  }

  /** {@code input | name(...)}. Without an input it filters the text of a block. */
  record Filter(@Nullable Expr input, String name, Arguments arguments, int line) implements Expr {
    @Override
    public List<Expr> children() {
      return arguments.childrenAfter(input);
    }
  }

  /** {@code input is name(...)}. */
  record Test(Expr input, String name, Arguments arguments, int line) implements Expr {
    @Override
    public List<Expr> children() {
      return arguments.childrenAfter(input);
    }
  }

  /** A keyword argument. */
  record Named(String name, Expr value) {}

  /** The arguments of a call, including those after {@code *} and {@code **}. */
  record Arguments(
      List<Expr> positional, List<Named> named, @Nullable Expr star, @Nullable Expr doubleStar) {

    public static final Arguments NONE = new Arguments(List.of(), List.of(), null, null);

    List<Expr> childrenAfter(@Nullable Expr first) {
      List<Expr> all = new ArrayList<>();
      addIfPresent(all, first);
      all.addAll(positional);
      named.forEach(n -> all.add(n.value()));
      addIfPresent(all, star);
      addIfPresent(all, doubleStar);
      return all;
    }
  }

  private static void addIfPresent(List<Expr> all, @Nullable Expr expr) {
    if (expr != null) {
      all.add(expr);
    }
  }
}
