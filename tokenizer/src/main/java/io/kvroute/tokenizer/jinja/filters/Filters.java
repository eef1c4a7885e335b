package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jinja's filters by name. */
public final class Filters {

  /**
   * Filters of Jinja that are not implemented here. A template that names one compiles, and fails
   * when it reaches the filter.
   */
  private static final List<String> UNSUPPORTED =
      List.of(
          "attr",
          "filesizeformat",
          "groupby",
          "pprint",
          "random",
          "striptags",
          "urlencode",
          "urlize",
          "wordwrap",
          "xmlattr");

  private static final Map<String, Filter> FILTERS = filters();

  private Filters() {}

  public static @Nullable Filter get(String name) {
    return FILTERS.get(name);
  }

  /** A filter whose name is known only at run time, as in {@code map("upper")}. */
  static Filter require(Value name) {
    Filter filter = name instanceof Value.Str str ? FILTERS.get(str.value()) : null;
    if (filter == null) {
      throw EvaluationException.error("TemplateRuntimeError: No filter named as given found.");
    }
    return filter;
  }

  /** A filter that receives its arguments bound to parameters. */
  interface Code {
    Value apply(Value input, Parameters.Bound args, Render render);
  }

  static Filter of(Parameters parameters, Code code) {
    return (input, args, render) -> code.apply(input, parameters.bind(args), render);
  }

  private static Map<String, Filter> filters() {
    Map<String, Filter> all = new HashMap<>();
    TextFilters.addTo(all);
    SequenceFilters.addTo(all);
    SelectionFilters.addTo(all);
    OrderFilters.addTo(all);
    NumberFilters.addTo(all);
    ValueFilters.addTo(all);
    for (String name : UNSUPPORTED) {
      all.put(
          name,
          (input, args, render) -> {
            throw EvaluationException.limit("the filter '" + name + "' is not supported");
          });
    }
    return Map.copyOf(all);
  }
}
