package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Generator;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Lookahead;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lazy filters: they apply a filter or a test to each item when the item is asked for. */
final class SelectionFilters {

  private SelectionFilters() {}

  static void addTo(Map<String, Filter> all) {
    all.put("map", SelectionFilters::map);
    all.put("select", (input, args, render) -> select(input, args, render, false, true));
    all.put("reject", (input, args, render) -> select(input, args, render, false, false));
    all.put("selectattr", (input, args, render) -> select(input, args, render, true, true));
    all.put("rejectattr", (input, args, render) -> select(input, args, render, true, false));
  }

  private static Value map(Value input, Args args, Render render) {
    return Generator.lazy(
        () -> {
          if (!Types.truth(input)) {
            return Collections.emptyIterator();
          }
          Function<Value, Value> function = mapper(args, render);
          Iterator<Value> items = Iteration.of(input, render);
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return items.hasNext();
            }

            @Override
            public Value next() {
              render.step();
              return function.apply(items.next());
            }
          };
        });
  }

  private static Function<Value, Value> mapper(Args args, Render render) {
    Value attribute = args.named().get("attribute");
    if (args.positional().isEmpty() && attribute != null) {
      Map<String, Value> named = new LinkedHashMap<>(args.named());
      named.remove("attribute");
      AttributePath path = AttributePath.of(attribute);
      Value missing = named.remove("default");
      if (!named.isEmpty()) {
        throw EvaluationException.error(
            "FilterArgumentError: Unexpected keyword argument '"
                + named.keySet().iterator().next()
                + "'");
      }
      @Nullable Value replacement = missing == Value.None.NONE ? null : missing;
      return item -> path.get(item, replacement, render);
    }
    if (args.positional().isEmpty()) {
      throw EvaluationException.error("FilterArgumentError: map requires a filter argument");
    }
    Filter filter = Filters.require(args.positional().getFirst());
    Args rest = after(1, args);
    return item -> filter.apply(item, rest, render);
  }

  private static Args after(int count, Args args) {
    List<Value> positional = args.positional();
    return new Args(positional.subList(count, positional.size()), args.named());
  }

  private static Value select(
      Value input, Args args, Render render, boolean byAttribute, boolean wanted) {
    return Generator.lazy(
        () -> {
          if (!Types.truth(input)) {
            return Collections.emptyIterator();
          }
          Predicate<Value> predicate = predicate(args, byAttribute, render);
          return new Selected(Iteration.of(input, render), predicate, wanted, render);
        });
  }

  private static Predicate<Value> predicate(Args args, boolean byAttribute, Render render) {
    int off = byAttribute ? 1 : 0;
    if (args.positional().size() < off) {
      throw EvaluationException.error("FilterArgumentError: Missing parameter for attribute name");
    }
    AttributePath path =
        byAttribute ? AttributePath.of(args.positional().getFirst()) : AttributePath.EMPTY;
    if (args.positional().size() == off) {
      return item -> Types.truth(path.get(item, null, render));
    }
    Tests.Test test = Tests.require(args.positional().get(off));
    Args rest = after(off + 1, args);
    return item -> Types.truth(test.test(path.get(item, null, render), rest, render));
  }

  /** The items that pass the test, or those that fail it. */
  private static final class Selected extends Lookahead {
    private final Iterator<Value> items;
    private final Predicate<Value> predicate;
    private final boolean wanted;
    private final Render render;

    Selected(Iterator<Value> items, Predicate<Value> predicate, boolean wanted, Render render) {
      this.items = items;
      this.predicate = predicate;
      this.wanted = wanted;
      this.render = render;
    }

    @Override
    public @Nullable Value find() {
      while (items.hasNext()) {
        render.step();
        Value item = items.next();
        if (predicate.test(item) == wanted) {
          return item;
        }
      }
      return null;
    }
  }
}
