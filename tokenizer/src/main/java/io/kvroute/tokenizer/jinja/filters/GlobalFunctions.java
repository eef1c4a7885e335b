package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.format.Strftime;
import io.kvroute.tokenizer.jinja.methods.DictMethods;
import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.HasAttributes;
import io.kvroute.tokenizer.jinja.values.Invocable;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Namespace;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.PythonRange;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template can call. */
public final class GlobalFunctions {

  /** Functions of Jinja that are not implemented here; a call to one fails. */
  private static final List<String> UNSUPPORTED = List.of("cycler", "joiner", "lipsum");

  private static final Map<String, Value> GLOBALS = globals();

  private GlobalFunctions() {}

  public static @Nullable Value get(String name) {
    return GLOBALS.get(name);
  }

  public static boolean has(String name) {
    return GLOBALS.containsKey(name);
  }

  /** A built-in function. */
  private record Function(Code code) implements Invocable {

    interface Code {
      Value call(Args args, Render render);
    }

    @Override
    public Value call(Args args, Render render) {
      return code.call(args, render);
    }
  }

  /** The function {@code dict}, which also has an attribute. */
  private record DictType() implements Invocable, HasAttributes {
    @Override
    public Value call(Args args, Render render) {
      return DictMethods.construct(args, render);
    }

    @Override
    public @Nullable Value attribute(String name, Render render) {
      return name.equals("fromkeys")
          ? new Method(this, name, (object, args, r) -> DictMethods.fromKeys(args, r))
          : null;
    }
  }

  private static Map<String, Value> globals() {
    Map<String, Value> all = new HashMap<>();
    Parameters message = Parameters.of("raise_exception", 1, "message");
    all.put(
        "raise_exception",
        new Function(
            (args, render) -> {
              throw EvaluationException.raised(Repr.str(message.bind(args).require(0), render));
            }));
    Parameters format = Parameters.of("strftime_now", 1, "format");
    all.put(
        "strftime_now",
        new Function(
            (args, render) ->
                render.str(
                    Strftime.format(
                        Types.requireText(format.bind(args).require(0), "format"),
                        render.clock()))));
    all.put("range", new Function((args, render) -> range(args)));
    all.put("dict", new DictType());
    all.put("namespace", new Function(GlobalFunctions::namespace));
    for (String name : UNSUPPORTED) {
      all.put(
          name,
          new Function(
              (args, render) -> {
                throw EvaluationException.limit("the function '" + name + "' is not supported");
              }));
    }
    return Map.copyOf(all);
  }

  private static Value namespace(Args args, Render render) {
    Namespace namespace = new Namespace();
    for (Map.Entry<Value, Value> entry : DictMethods.construct(args, render).entries().entrySet()) {
      String name = Types.text(entry.getKey());
      if (name == null) {
        throw EvaluationException.limit(
            "a namespace with a key that is no string is not supported");
      }
      namespace.set(name, entry.getValue());
    }
    return namespace;
  }

  private static Value range(Args args) {
    List<Value> values = args.positional();
    if (values.isEmpty() || values.size() > 3 || !args.named().isEmpty()) {
      throw EvaluationException.type("range expected 1 to 3 arguments, got " + values.size());
    }
    long start = values.size() == 1 ? 0 : bound(values.get(0));
    long stop = bound(values.get(values.size() == 1 ? 0 : 1));
    long step = values.size() == 3 ? bound(values.get(2)) : 1;
    return PythonRange.of(start, stop, step);
  }

  /** An argument of {@code range}, clamped: no range of the permitted size reaches farther out. */
  private static long bound(Value value) {
    if (PythonNumbers.isSmall(value)) {
      return Math.clamp(PythonNumbers.toLong(value), Long.MIN_VALUE / 4, Long.MAX_VALUE / 4);
    }
    return Types.requireInt(value);
  }
}
