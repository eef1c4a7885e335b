package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiled arguments of a call. */
final class CompiledArguments {

  private CompiledArguments() {}

  /** Evaluates the arguments each time the call is made. */
  interface Evaluator {
    Args eval(Render render, Frame frame);
  }

  static Evaluator evaluator(
      CompiledExpression[] positional,
      Map<String, CompiledExpression> named,
      @Nullable CompiledExpression star,
      @Nullable CompiledExpression doubleStar) {
    if (positional.length == 0 && named.isEmpty() && star == null && doubleStar == null) {
      return (render, frame) -> Args.NONE;
    }
    return (render, frame) -> {
      List<Value> values = new ArrayList<>(positional.length);
      for (CompiledExpression op : positional) {
        values.add(op.eval(render, frame));
      }
      if (star != null) {
        values.addAll(Iteration.toList(star.eval(render, frame), render));
      }
      if (named.isEmpty() && doubleStar == null) {
        return new Args(values, Map.of());
      }
      Map<String, Value> byName = new LinkedHashMap<>();
      named.forEach((name, op) -> byName.put(name, op.eval(render, frame)));
      if (doubleStar != null) {
        addAll(byName, doubleStar.eval(render, frame));
      }
      return new Args(values, byName);
    };
  }

  private static void addAll(Map<String, Value> byName, Value mapping) {
    if (!(mapping instanceof Value.Dict dict)) {
      throw EvaluationException.type(
          "argument after ** must be a mapping, not " + Types.name(mapping));
    }
    for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
      String name = Types.text(entry.getKey());
      if (name == null) {
        throw EvaluationException.type("keywords must be strings");
      }
      if (byName.put(name, entry.getValue()) != null) {
        throw EvaluationException.type("got multiple values for keyword argument '" + name + "'");
      }
    }
  }

  static Args withNamed(Args args, String name, Value value) {
    Map<String, Value> named = new LinkedHashMap<>(args.named());
    if (named.put(name, value) != null) {
      throw EvaluationException.type("got multiple values for keyword argument '" + name + "'");
    }
    return new Args(args.positional(), named);
  }
}
