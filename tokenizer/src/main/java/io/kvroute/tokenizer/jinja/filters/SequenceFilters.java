package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.operators.Slicing;
import io.kvroute.tokenizer.jinja.values.DictView;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Generator;
import io.kvroute.tokenizer.jinja.values.Hashing;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Lookahead;
import io.kvroute.tokenizer.jinja.values.LoopVariable;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Filters that read, cut or join whole sequences. */
final class SequenceFilters {

  private SequenceFilters() {}

  static void addTo(Map<String, Filter> all) {
    Filter length =
        Filters.of(
            Parameters.of("len", 0),
            (input, args, render) -> new Value.Int(Iteration.requireLength(input, render)));
    all.put("length", length);
    all.put("count", length);
    all.put("first", Filters.of(Parameters.of("first", 0), SequenceFilters::first));
    all.put("last", Filters.of(Parameters.of("last", 0), SequenceFilters::last));
    all.put(
        "list",
        Filters.of(
            Parameters.of("list", 0),
            (input, args, render) -> new Value.ListOf(Iteration.toList(input, render), false)));
    all.put("join", Filters.of(Parameters.of("join", 0, "d", "attribute"), SequenceFilters::join));
    all.put("items", Filters.of(Parameters.of("items", 0), SequenceFilters::items));
    all.put("reverse", Filters.of(Parameters.of("reverse", 0), SequenceFilters::reverse));
    all.put(
        "unique",
        Filters.of(
            Parameters.of("unique", 0, "case_sensitive", "attribute"), SequenceFilters::unique));
    all.put(
        "batch",
        Filters.of(Parameters.of("batch", 1, "linecount", "fill_with"), SequenceFilters::batch));
    all.put(
        "slice",
        Filters.of(Parameters.of("slice", 1, "slices", "fill_with"), SequenceFilters::slice));
  }

  private static Value first(Value input, Parameters.Bound args, Render render) {
    Iterator<Value> items = Iteration.of(input, render);
    return items.hasNext() ? items.next() : Undefined.hint("No first item, sequence was empty.");
  }

  private static Value last(Value input, Parameters.Bound args, Render render) {
    List<Value> items = reversible(input, render);
    return items.isEmpty() ? Undefined.hint("No last item, sequence was empty.") : items.getLast();
  }

  /**
   * The items of a value that Python's {@code reversed} accepts: one with a length and an order.
   */
  private static List<Value> reversible(Value input, Render render) {
    if (input instanceof Generator || input instanceof LoopVariable) {
      throw EvaluationException.type("'" + Types.name(input) + "' object is not reversible");
    }
    return Iteration.items(input, render);
  }

  private static Value join(Value input, Parameters.Bound args, Render render) {
    String separator = Repr.str(args.get(0, Value.Str.EMPTY), render);
    boolean whole = args.isMissingOrNone(1);
    AttributePath path = whole ? AttributePath.EMPTY : AttributePath.of(args.require(1));
    StringBuilder out = new StringBuilder();
    boolean first = true;
    for (Iterator<Value> it = Iteration.of(input, render); it.hasNext(); ) {
      render.step();
      Value item = it.next();
      String text = Repr.str(whole ? item : path.get(item, null, render), render);
      render.allocate(text.length() + (long) separator.length());
      if (!first) {
        out.append(separator);
      }
      first = false;
      out.append(text);
    }
    return new Value.Str(out.toString());
  }

  private static Value items(Value input, Parameters.Bound args, Render render) {
    return Generator.lazy(
        () -> {
          if (input instanceof Undefined) {
            return Collections.emptyIterator();
          }
          if (!(input instanceof Value.Dict dict)) {
            throw EvaluationException.type("Can only get item pairs from a mapping.");
          }
          return new DictView(dict, DictView.Kind.ITEMS).iterator();
        });
  }

  private static Value reverse(Value input, Parameters.Bound args, Render render) {
    String text = Types.text(input);
    if (text != null) {
      return Slicing.slice(input, Value.None.NONE, Value.None.NONE, new Value.Int(-1), render);
    }
    if (!Iteration.isIterable(input)) {
      throw EvaluationException.error("FilterArgumentError: argument must be iterable");
    }
    List<Value> items = Iteration.toList(input, render);
    Collections.reverse(items);
    boolean copied = input instanceof Generator;
    return copied ? new Value.ListOf(items, false) : new Generator(items.iterator());
  }

  private static Value unique(Value input, Parameters.Bound args, Render render) {
    AttributePath path = AttributePath.of(args.get(1, Value.None.NONE));
    boolean caseSensitive = args.isTrue(0);
    return Generator.lazy(
        () -> {
          Iterator<Value> items = Iteration.of(input, render);
          Set<Value> seen = new HashSet<>();
          return new Lookahead() {
            @Override
            public @Nullable Value find() {
              while (items.hasNext()) {
                render.allocateValues(1);
                Value item = items.next();
                Value key = AttributePath.fold(path.get(item, null, render), caseSensitive);
                if (seen.add(Hashing.key(key, render))) {
                  return item;
                }
              }
              return null;
            }
          };
        });
  }

  private static Value batch(Value input, Parameters.Bound args, Render render) {
    return Generator.lazy(
        () -> {
          Iterator<Value> items = Iteration.of(input, render);
          int size = args.getInt(0, 1);
          return new Lookahead() {
            private boolean started;

            @Override
            public @Nullable Value find() {
              if (!items.hasNext()) {
                return null;
              }
              // Jinja checks the count before it takes an item, so with a size of 0 the first batch
              // is empty.
              List<Value> batch = new ArrayList<>();
              boolean emptyFirst = size == 0 && !started;
              started = true;
              while (!emptyFirst && items.hasNext() && (batch.size() != size || batch.isEmpty())) {
                render.allocateValues(1);
                batch.add(items.next());
              }
              if (!args.isMissingOrNone(1) && !items.hasNext() && !batch.isEmpty()) {
                render.allocateItems(Math.max(0, size - batch.size()));
                while (batch.size() < size) {
                  batch.add(args.require(1));
                }
              }
              return new Value.ListOf(batch, false);
            }
          };
        });
  }

  private static Value slice(Value input, Parameters.Bound args, Render render) {
    return Generator.lazy(
        () -> {
          List<Value> items = Iteration.toList(input, render);
          int count = args.getInt(0, 1);
          if (count == 0) {
            throw EvaluationException.error(
                "ZeroDivisionError: integer division or modulo by zero");
          }
          render.allocateValues(Math.max(0, count));
          int size = Math.floorDiv(items.size(), count);
          int larger = Math.floorMod(items.size(), count);
          List<Value> slices = new ArrayList<>();
          int position = 0;
          for (int i = 0; i < count; i++) {
            int end = position + size + (i < larger ? 1 : 0);
            List<Value> part = new ArrayList<>(items.subList(position, end));
            if (!args.isMissingOrNone(1) && i >= larger) {
              part.add(args.require(1));
            }
            slices.add(new Value.ListOf(part, false));
            position = end;
          }
          return slices.iterator();
        });
  }
}
