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

  /** Known to Jinja, so a template that names one compiles, but not rendered here. */
  private static final List<String> UNSUPPORTED =
      List.of(
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

  /** A filter by a name that is known only when it runs. */
  static Filter require(Value name) {
    Filter filter = name instanceof Value.Str str ? FILTERS.get(str.value()) : null;
    if (filter == null) {
      throw EvaluationException.error("TemplateRuntimeError: No filter named as given found.");
    }
    return filter;
  }

  /** A filter with its arguments bound. */
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
