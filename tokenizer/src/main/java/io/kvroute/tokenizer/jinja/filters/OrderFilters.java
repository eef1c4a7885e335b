package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.operators.Operators;
import io.kvroute.tokenizer.jinja.operators.Sorting;
import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.CompareOp;
import io.kvroute.tokenizer.jinja.values.Comparison;
import io.kvroute.tokenizer.jinja.values.DictView;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters that compare the items of a sequence or add them up. */
final class OrderFilters {

  private OrderFilters() {}

  static void addTo(Map<String, Filter> all) {
    all.put(
        "sort",
        Filters.of(
            Parameters.of("sort", 0, "reverse", "case_sensitive", "attribute"),
            OrderFilters::sort));
    all.put(
        "dictsort",
        Filters.of(
            Parameters.of("dictsort", 0, "case_sensitive", "by", "reverse"),
            OrderFilters::dictSort));
    Parameters extreme = Parameters.of("min", 0, "case_sensitive", "attribute");
    all.put("min", Filters.of(extreme, (in, args, render) -> extreme(in, args, render, false)));
    all.put("max", Filters.of(extreme, (in, args, render) -> extreme(in, args, render, true)));
    all.put("sum", Filters.of(Parameters.of("sum", 0, "attribute", "start"), OrderFilters::sum));
  }

  private static Value sort(Value input, Parameters.Bound args, Render render) {
    List<AttributePath> paths = AttributePath.allOf(args.get(2, Value.None.NONE));
    boolean caseSensitive = args.isTrue(1);
    List<Value> items = Iteration.toList(input, render);
    return new Value.ListOf(
        Sorting.sorted(
            items,
            item -> {
              List<Value> key = new ArrayList<>(paths.size());
              paths.forEach(
                  path -> key.add(AttributePath.fold(path.get(item, null, render), caseSensitive)));
              return new Value.ListOf(key, false);
            },
            args.isTrue(0),
            render),
        false);
  }

  private static Value dictSort(Value input, Parameters.Bound args, Render render) {
    String by = Types.text(args.get(1, new Value.Str("key")));
    if (by == null || !(by.equals("key") || by.equals("value"))) {
      throw EvaluationException.error(
          "FilterArgumentError: You can only sort by either \"key\" or \"value\"");
    }
    if (!(input instanceof Value.Dict dict)) {
      throw input instanceof Undefined undefined
          ? undefined.failure()
          : EvaluationException.error(
              "AttributeError: '" + Types.name(input) + "' object has no attribute 'items'");
    }
    int position = by.equals("key") ? 0 : 1;
    boolean caseSensitive = args.isTrue(0);
    List<Value> pairs = Iteration.toList(new DictView(dict, DictView.Kind.ITEMS), render);
    return new Value.ListOf(
        Sorting.sorted(
            pairs,
            pair -> AttributePath.fold(((Value.ListOf) pair).items().get(position), caseSensitive),
            args.isTrue(2),
            render),
        false);
  }

  private static Value extreme(
      Value input, Parameters.Bound args, Render render, boolean greatest) {
    Iterator<Value> items = Iteration.of(input, render);
    if (!items.hasNext()) {
      return Undefined.hint("No aggregated item, sequence was empty.");
    }
    AttributePath path = AttributePath.of(args.get(1, Value.None.NONE));
    boolean caseSensitive = args.isTrue(0);
    CompareOp better = greatest ? CompareOp.GREATER : CompareOp.LESS;
    Value best = items.next();
    Value bestKey = AttributePath.fold(path.get(best, null, render), caseSensitive);
    while (items.hasNext()) {
      render.step();
      Value item = items.next();
      Value key = AttributePath.fold(path.get(item, null, render), caseSensitive);
      if (Comparison.test(better, key, bestKey, render)) {
        best = item;
        bestKey = key;
      }
    }
    return best;
  }

  private static Value sum(Value input, Parameters.Bound args, Render render) {
    AttributePath path = AttributePath.of(args.get(0, Value.None.NONE));
    Value sum = args.get(1, new Value.Int(0));
    if (Types.text(sum) != null) {
      throw EvaluationException.type("sum() can't sum strings [use ''.join(seq) instead]");
    }
    for (Iterator<Value> it = Iteration.of(input, render); it.hasNext(); ) {
      render.step();
      sum = Operators.apply(ArithmeticOp.ADD, sum, path.get(it.next(), null, render), render);
    }
    return sum;
  }
}
