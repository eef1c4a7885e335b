package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.HtmlEscaping;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of safe strings: those of strings, with escaped arguments and safe results. */
final class MarkupMethods {

  private static final Set<String> PLAIN_RESULT = Set.of("format", "format_map");

  private MarkupMethods() {}

  static @Nullable Value get(Value.Markup markup, String name) {
    if (!(StringMethods.get(markup, name) instanceof Method method)) {
      return null;
    }
    return new Method(
        markup,
        name,
        (object, args, render) -> {
          Value result = method.call(escape(name, args, render), render);
          return PLAIN_RESULT.contains(name) ? result : safe(result);
        });
  }

  private static Args escape(String name, Args args, Render render) {
    int index =
        switch (name) {
          case "join" -> 0;
          case "replace", "ljust", "rjust", "center" -> 1;
          default -> -1;
        };
    if (index < 0 || index >= args.positional().size()) {
      return args;
    }
    List<Value> positional = new ArrayList<>(args.positional());
    Value value = positional.get(index);
    positional.set(
        index,
        name.equals("join") ? escapeItems(value, render) : HtmlEscaping.escape(value, render));
    return new Args(positional, args.named());
  }

  private static Value escapeItems(Value items, Render render) {
    List<Value> escaped = new ArrayList<>();
    for (Value item : Iteration.toList(items, render)) {
      escaped.add(HtmlEscaping.escape(item, render));
    }
    return new Value.ListOf(escaped, false);
  }

  private static Value safe(Value value) {
    return switch (value) {
      case Value.Str str -> new Value.Markup(str.value());
      case Value.ListOf list ->
          new Value.ListOf(list.items().stream().map(MarkupMethods::safe).toList(), list.tuple());
      default -> value;
    };
  }
}
