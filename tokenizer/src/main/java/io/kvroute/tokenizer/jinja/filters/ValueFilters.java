package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.HtmlEscaping;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import java.util.Map;

/** Filters on values of any type. */
final class ValueFilters {

  private ValueFilters() {}

  static void addTo(Map<String, Filter> all) {
    Filter orDefault =
        Filters.of(
            Parameters.of("default", 0, "default_value", "boolean"),
            (input, args, render) ->
                input instanceof Undefined || (args.isTrue(1) && !Types.truth(input))
                    ? args.get(0, Value.Str.EMPTY)
                    : input);
    all.put("default", orDefault);
    all.put("d", orDefault);
    all.put(
        "string",
        Filters.of(
            Parameters.of("string", 0), (input, args, render) -> TextFilters.soft(input, render)));
    all.put(
        "safe",
        Filters.of(
            Parameters.of("safe", 0),
            (input, args, render) ->
                input instanceof Value.Markup ? input : new Value.Markup(Repr.str(input, render))));
    Filter escape =
        Filters.of(
            Parameters.of("escape", 0),
            (input, args, render) -> HtmlEscaping.escape(input, render));
    all.put("escape", escape);
    all.put("e", escape);
    all.put("forceescape", Filters.of(Parameters.of("forceescape", 0), ValueFilters::forceEscape));
    all.put(
        "tojson",
        Filters.of(
            Parameters.of("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys"),
            ValueFilters::toJson));
  }

  private static Value forceEscape(Value input, Parameters.Bound args, Render render) {
    String text = HtmlEscaping.escape(Repr.str(input, render));
    render.allocate(text.length());
    return new Value.Markup(text);
  }

  private static Value toJson(Value input, Parameters.Bound args, Render render) {
    String indent = null;
    if (!args.isMissingOrNone(1)) {
      indent = Types.text(args.require(1));
      if (indent == null) {
        int spaces = Math.max(0, Types.requireInt(args.require(1)));
        render.allocate(spaces);
        indent = " ".repeat(spaces);
      }
    }
    String itemSeparator = indent == null ? ", " : ",";
    String keySeparator = ": ";
    if (!args.isMissingOrNone(2)) {
      List<Value> separators = Iteration.items(args.require(2), render);
      if (separators.size() != 2) {
        throw EvaluationException.value(
            "separators: " + separators.size() + " values (expected: 2)");
      }
      itemSeparator = Types.requireText(separators.get(0), "item separator");
      keySeparator = Types.requireText(separators.get(1), "key separator");
    }
    return Json.dumps(
        input,
        new Json.Layout(args.isTrue(0), indent, itemSeparator, keySeparator, args.isTrue(3)),
        render);
  }
}
