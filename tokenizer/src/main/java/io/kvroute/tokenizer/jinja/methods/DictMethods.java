package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.DictView;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Hashing;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of dicts. The sandbox hides those that would change a dict. */
public final class DictMethods {

  private static final Set<String> MUTATORS =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private static final Parameters GET = Parameters.positional("get", 1, 2);
  private static final Parameters NONE = Parameters.of("method", 0);

  private static final Map<String, Method.Body> METHODS =
      Map.of(
          "get", DictMethods::get,
          "keys", (object, args, render) -> view(object, args, DictView.Kind.KEYS),
          "values", (object, args, render) -> view(object, args, DictView.Kind.VALUES),
          "items", (object, args, render) -> view(object, args, DictView.Kind.ITEMS),
          "copy",
              (object, args, render) -> {
                NONE.bind(args);
                return object;
              },
          "fromkeys", (object, args, render) -> fromKeys(args, render));

  private DictMethods() {}

  static @Nullable Value get(Value.Dict dict, String name) {
    Method.Body body = METHODS.get(name);
    if (body != null) {
      return new Method(dict, name, body);
    }
    return MUTATORS.contains(name) ? Undefined.unsafe(dict, name) : null;
  }

  private static Value get(Value object, Args args, Render render) {
    Parameters.Bound bound = GET.bind(args);
    Value value = ((Value.Dict) object).entries().get(Hashing.key(bound.require(0), render));
    return value != null ? value : bound.get(1, Value.None.NONE);
  }

  private static Value view(Value object, Args args, DictView.Kind kind) {
    NONE.bind(args);
    return new DictView((Value.Dict) object, kind);
  }

  /** {@code dict.fromkeys(keys, value=None)}. */
  public static Value fromKeys(Args args, Render render) {
    Parameters.Bound bound = Parameters.positional("fromkeys", 1, 2).bind(args);
    LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
    for (Value key : Iteration.items(bound.require(0), render)) {
      entries.put(Hashing.key(key, render), bound.get(1, Value.None.NONE));
    }
    return new Value.Dict(entries);
  }

  /** Python's {@code dict(...)}: from a mapping or from pairs, with keyword arguments added. */
  public static Value.Dict construct(Args args, Render render) {
    if (args.positional().size() > 1) {
      throw EvaluationException.type(
          "dict expected at most 1 argument, got " + args.positional().size());
    }
    LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
    for (Value source : args.positional()) {
      if (source instanceof Undefined undefined) {
        throw undefined.failure();
      }
      if (source instanceof Value.Dict dict) {
        render.allocateValues(dict.entries().size());
        entries.putAll(dict.entries());
        continue;
      }
      for (Value pair : Iteration.toList(source, render)) {
        var items = Iteration.items(pair, render);
        if (items.size() != 2) {
          throw EvaluationException.value(
              "dictionary update sequence element has length " + items.size() + "; 2 is required");
        }
        entries.put(Hashing.key(items.get(0), render), items.get(1));
      }
    }
    args.named().forEach((name, value) -> entries.put(new Value.Str(name), value));
    return new Value.Dict(entries);
  }
}
