package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.operators.Operators;
import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.CharacterClasses;
import io.kvroute.tokenizer.jinja.values.CompareOp;
import io.kvroute.tokenizer.jinja.values.Comparison;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Hashing;
import io.kvroute.tokenizer.jinja.values.Invocable;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.PythonRange;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Jinja's tests by name, as in {@code x is defined}. */
public final class Tests {

  private static final Map<String, Test> TESTS = tests();

  private Tests() {}

  /** The code of a test. Comparisons may return any value, all others a boolean. */
  public interface Test {
    Value test(Value input, Args args, Render render);
  }

  /** A test without an argument. */
  private interface Question {
    boolean ask(Value value, Render render);
  }

  /** A test with one argument. */
  private interface Relation {
    boolean holds(Value value, Value other, Render render);
  }

  public static @Nullable Test get(String name) {
    return TESTS.get(name);
  }

  /** A test whose name is known only at run time, as in {@code select("odd")}. */
  static Test require(Value name) {
    Test test = name instanceof Value.Str str ? TESTS.get(str.value()) : null;
    if (test == null) {
      throw EvaluationException.error("TemplateRuntimeError: No test named as given found.");
    }
    return test;
  }

  private static Map<String, Test> tests() {
    Map<String, Test> all = new HashMap<>();
    question(all, "defined", (v, r) -> !(v instanceof Undefined));
    question(all, "undefined", (v, r) -> v instanceof Undefined);
    question(all, "none", (v, r) -> v == Value.None.NONE);
    question(all, "boolean", (v, r) -> v instanceof Value.Bool);
    question(all, "true", (v, r) -> v instanceof Value.Bool b && b.value());
    question(all, "false", (v, r) -> v instanceof Value.Bool b && !b.value());
    question(all, "integer", (v, r) -> v instanceof Value.Int || v instanceof Value.BigInt);
    question(all, "float", (v, r) -> v instanceof Value.Real);
    question(all, "number", (v, r) -> Types.isNumber(v));
    question(all, "string", (v, r) -> Types.text(v) != null);
    question(all, "escaped", (v, r) -> v instanceof Value.Markup);
    question(all, "mapping", (v, r) -> v instanceof Value.Dict);
    question(all, "iterable", (v, r) -> Iteration.isIterable(v));
    question(all, "sequence", Tests::isSequence);
    question(all, "callable", (v, r) -> v instanceof Invocable || v instanceof Undefined);
    question(all, "lower", (v, r) -> CharacterClasses.isLower(Repr.str(v, r)));
    question(all, "upper", (v, r) -> CharacterClasses.isUpper(Repr.str(v, r)));
    question(all, "odd", (v, r) -> Comparison.equal(modulo(v, 2, r), new Value.Int(1), r));
    question(all, "even", (v, r) -> Comparison.equal(modulo(v, 2, r), new Value.Int(0), r));
    question(all, "filter", (v, r) -> isName(v, name -> Filters.get(name) != null, r));
    question(all, "test", (v, r) -> isName(v, name -> get(name) != null, r));
    relation(
        all,
        "divisibleby",
        (v, o, r) ->
            Comparison.equal(Operators.apply(ArithmeticOp.MODULO, v, o, r), new Value.Int(0), r));
    relation(all, "sameas", (v, o, r) -> isSame(v, o));
    relation(all, "in", (v, o, r) -> Comparison.contains(o, v, r));
    comparison(all, CompareOp.EQUAL, "==", "eq", "equalto");
    comparison(all, CompareOp.NOT_EQUAL, "!=", "ne");
    comparison(all, CompareOp.GREATER, ">", "gt", "greaterthan");
    comparison(all, CompareOp.GREATER_OR_EQUAL, ">=", "ge");
    comparison(all, CompareOp.LESS, "<", "lt", "lessthan");
    comparison(all, CompareOp.LESS_OR_EQUAL, "<=", "le");
    return Map.copyOf(all);
  }

  private static void question(Map<String, Test> all, String name, Question question) {
    Parameters parameters = Parameters.of(name, 0);
    all.put(
        name,
        (input, args, render) -> {
          parameters.bind(args);
          return Value.Bool.of(question.ask(input, render));
        });
  }

  private static void relation(Map<String, Test> all, String name, Relation relation) {
    Parameters parameters = Parameters.of(name, 1, "other");
    all.put(
        name,
        (input, args, render) ->
            Value.Bool.of(relation.holds(input, parameters.bind(args).require(0), render)));
  }

  private static void comparison(Map<String, Test> all, CompareOp op, String... names) {
    for (String name : names) {
      Parameters parameters = Parameters.positional(name, 1, 1);
      all.put(
          name,
          (input, args, render) ->
              Value.Bool.of(Comparison.test(op, input, parameters.bind(args).require(0), render)));
    }
  }

  private static boolean isName(Value value, Predicate<String> known, Render render) {
    String name = Types.text(Hashing.key(value, render));
    return name != null && known.test(name);
  }

  private static Value modulo(Value value, long divisor, Render render) {
    return Operators.apply(ArithmeticOp.MODULO, value, new Value.Int(divisor), render);
  }

  /** Whether the value has a length and {@code __getitem__} in Python. */
  private static boolean isSequence(Value value, Render render) {
    return switch (value) {
      case Value.Str str -> true;
      case Value.Markup markup -> true;
      case Value.ListOf list -> true;
      case Value.Dict dict -> true;
      case Undefined undefined -> true;
      case PythonRange range -> true;
      default -> false;
    };
  }

  /**
   * Python's {@code is}. Scalars are identical where CPython keeps one object per value: booleans,
   * and integers from -5 to 256.
   */
  private static boolean isSame(Value a, Value b) {
    return Comparison.identical(a, b)
        || (a instanceof Value.Bool x && b instanceof Value.Bool y && x.value() == y.value())
        || (a instanceof Value.Int m
            && b instanceof Value.Int n
            && m.value() == n.value()
            && m.value() >= -5
            && m.value() <= 256);
  }
}
