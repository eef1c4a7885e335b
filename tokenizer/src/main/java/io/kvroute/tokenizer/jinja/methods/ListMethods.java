package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.Comparison;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of lists and tuples. The sandbox hides those that would change a list. */
final class ListMethods {

  private static final Set<String> MUTATORS =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

  private static final Parameters COUNT = Parameters.positional("count", 1, 1);
  private static final Parameters INDEX = Parameters.positional("index", 1, 3);
  private static final Parameters COPY = Parameters.of("copy", 0);

  private ListMethods() {}

  static @Nullable Value get(Value.ListOf list, String name) {
    return switch (name) {
      case "count" -> new Method(list, name, ListMethods::count);
      case "index" -> new Method(list, name, ListMethods::index);
      case "copy" ->
          list.tuple()
              ? null
              : new Method(
                  list,
                  name,
                  (object, args, render) -> {
                    COPY.bind(args);
                    return object;
                  });
      default -> !list.tuple() && MUTATORS.contains(name) ? Undefined.unsafe(list, name) : null;
    };
  }

  private static Value count(Value object, Args args, Render render) {
    Value wanted = COUNT.bind(args).require(0);
    long count = 0;
    for (Value item : ((Value.ListOf) object).items()) {
      render.step();
      if (Comparison.sameOrEqual(item, wanted, render)) {
        count++;
      }
    }
    return new Value.Int(count);
  }

  private static Value index(Value object, Args args, Render render) {
    List<Value> items = ((Value.ListOf) object).items();
    Parameters.Bound bound = INDEX.bind(args);
    Value wanted = bound.require(0);
    int from = clamp(bound.getInt(1, 0), items.size());
    int to = clamp(bound.getInt(2, Integer.MAX_VALUE), items.size());
    for (int i = from; i < to; i++) {
      render.step();
      if (Comparison.sameOrEqual(items.get(i), wanted, render)) {
        return new Value.Int(i);
      }
    }
    throw EvaluationException.value("the value is not in the list");
  }

  private static int clamp(int index, int size) {
    return index < 0 ? Math.max(0, index + size) : Math.min(index, size);
  }
}
