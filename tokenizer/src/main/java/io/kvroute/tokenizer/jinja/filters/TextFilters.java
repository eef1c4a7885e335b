package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.format.PercentFormat;
import io.kvroute.tokenizer.jinja.methods.DictMethods;
import io.kvroute.tokenizer.jinja.methods.StringMethods;
import io.kvroute.tokenizer.jinja.methods.StringPadding;
import io.kvroute.tokenizer.jinja.methods.StringSplitting;
import io.kvroute.tokenizer.jinja.values.CaseMapping;
import io.kvroute.tokenizer.jinja.values.CharacterClasses;
import io.kvroute.tokenizer.jinja.values.CodePoints;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import io.kvroute.tokenizer.jinja.values.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Filters from strings to strings. */
final class TextFilters {

  private TextFilters() {}

  static void addTo(Map<String, Filter> all) {
    mapping(all, "upper", CaseMapping::upper);
    mapping(all, "lower", CaseMapping::lower);
    mapping(all, "capitalize", CaseMapping::capitalize);
    all.put(
        "title",
        Filters.of(
            Parameters.of("title", 0),
            (input, args, render) -> render.str(title(Repr.str(input, render)))));
    all.put(
        "trim",
        Filters.of(
            Parameters.of("trim", 0, "chars"),
            (input, args, render) -> {
              String text = Repr.str(input, render);
              String chars =
                  args.isMissingOrNone(0) ? null : Types.requireText(args.require(0), "chars");
              render.scan(text);
              return like(input, StringMethods.strip(text, chars, true, true), render);
            }));
    all.put(
        "replace",
        Filters.of(
            Parameters.of("replace", 2, "old", "new", "count"),
            (input, args, render) ->
                new Value.Str(
                    StringMethods.replace(
                        Repr.str(input, render),
                        Repr.str(args.require(0), render),
                        Repr.str(args.require(1), render),
                        args.isMissingOrNone(2) ? -1 : args.getInt(2, -1),
                        render))));
    all.put(
        "center",
        Filters.of(
            Parameters.of("center", 0, "width"),
            (input, args, render) ->
                like(
                    input,
                    StringPadding.center(Repr.str(input, render), args.getInt(0, 80), " ", render),
                    render)));
    all.put(
        "indent",
        Filters.of(Parameters.of("indent", 0, "width", "first", "blank"), TextFilters::indent));
    all.put(
        "truncate",
        Filters.of(
            Parameters.of("truncate", 0, "length", "killwords", "end", "leeway"),
            TextFilters::truncate));
    all.put(
        "wordcount",
        Filters.of(
            Parameters.of("wordcount", 0),
            (input, args, render) -> new Value.Int(words(Repr.str(input, render)))));
    all.put(
        "format",
        (input, args, render) -> {
          if (!args.positional().isEmpty() && !args.named().isEmpty()) {
            throw EvaluationException.error(
                "FilterArgumentError: can't handle positional and keyword arguments at the same"
                    + " time");
          }
          Value values =
              args.named().isEmpty()
                  ? new Value.ListOf(args.positional(), true)
                  : DictMethods.construct(args, render);
          return PercentFormat.format(soft(input, render), values, render);
        });
  }

  private static void mapping(Map<String, Filter> all, String name, UnaryOperator<String> mapping) {
    all.put(
        name,
        Filters.of(
            Parameters.of(name, 0),
            (input, args, render) -> like(input, mapping.apply(Repr.str(input, render)), render)));
  }

  /** The value as a string; a safe string stays safe. */
  static Value soft(Value value, Render render) {
    return value instanceof Value.Str || value instanceof Value.Markup
        ? value
        : new Value.Str(Repr.str(value, render));
  }

  private static Value like(Value input, String text, Render render) {
    render.allocate(text.length());
    return input instanceof Value.Markup ? new Value.Markup(text) : new Value.Str(text);
  }

  /**
   * Title case by Jinja's own rule: a word starts after white space, a hyphen or an opening
   * bracket.
   */
  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      int end = i;
      boolean separator = isSeparator(text.charAt(i));
      while (end < text.length() && isSeparator(text.charAt(end)) == separator) {
        end++;
      }
      int first = text.offsetByCodePoints(i, 1);
      out.append(CaseMapping.upper(text.substring(i, first)));
      out.append(CaseMapping.lower(text.substring(first, end)));
      i = end;
    }
    return out.toString();
  }

  private static boolean isSeparator(char c) {
    return c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || Whitespace.isSpace(c);
  }

  private static Value indent(Value input, Parameters.Bound args, Render render) {
    Value width = args.get(0, new Value.Int(4));
    String indention = Types.text(width);
    if (indention == null) {
      int spaces = Math.max(0, Types.requireInt(width));
      render.allocate(spaces);
      indention = " ".repeat(spaces);
    }
    boolean blank = args.isTrue(2);
    String text = Types.requireText(input, "the input of indent");
    render.scan(text);
    List<String> lines = new ArrayList<>(StringSplitting.lines(text + "\n", false));
    StringBuilder out = new StringBuilder(args.isTrue(1) ? indention : "");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      render.allocate(line.length() + indention.length() + 1L);
      if (i > 0) {
        out.append('\n').append(blank || !line.isEmpty() ? indention : "");
      }
      out.append(line);
    }
    return like(input, out.toString(), render);
  }

  private static Value truncate(Value input, Parameters.Bound args, Render render) {
    int length = args.getInt(0, 255);
    String end = Types.requireText(args.get(2, new Value.Str("...")), "end");
    int leeway = args.isMissingOrNone(3) ? 5 : args.getInt(3, 5);
    if (length < CodePoints.length(end) || leeway < 0) {
      throw EvaluationException.error(
          "AssertionError: truncate to " + length + " with leeway " + leeway);
    }
    if (Iteration.requireLength(input, render) <= (long) length + leeway) {
      return input;
    }
    String text = Types.requireText(input, "the input of truncate");
    String cut = CodePoints.substring(text, 0, length - CodePoints.length(end));
    int space = cut.lastIndexOf(' ');
    String kept = args.isTrue(1) || space < 0 ? cut : cut.substring(0, space);
    return like(input, kept + end, render);
  }

  private static long words(String text) {
    long count = 0;
    boolean inside = false;
    for (int c : text.codePoints().toArray()) {
      boolean word = c == '_' || CharacterClasses.isAlphanumeric(c);
      count += word && !inside ? 1 : 0;
      inside = word;
    }
    return count;
  }
}
