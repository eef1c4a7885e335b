package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.CodePoints;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import java.util.Map;

/** The methods of strings that search: {@code find}, {@code startswith}, {@code count}. */
final class StringSearch {

  private StringSearch() {}

  /** The range that the arguments start and end select, in UTF-16 units. */
  private record Region(int start, int end, boolean valid) {

    static Region of(String text, Parameters.Bound args) {
      int length = CodePoints.length(text);
      int start = bound(args, 1, 0, length);
      int end = bound(args, 2, length, length);
      if (start > length || start > end) {
        return new Region(0, 0, false);
      }
      return new Region(CodePoints.offset(text, start), CodePoints.offset(text, end), true);
    }

    private static int bound(Parameters.Bound args, int index, int missing, int length) {
      if (args.isMissingOrNone(index)) {
        return missing;
      }
      long value = args.getInt(index, missing);
      long position = value < 0 ? Math.max(0, value + length) : value;
      return index == 2 ? (int) Math.min(position, length) : (int) position;
    }
  }

  static void addTo(Map<String, Method.Body> all) {
    add(all, "find", (text, region, args) -> position(text, find(text, region, part(args)), false));
    add(all, "index", (text, region, args) -> position(text, find(text, region, part(args)), true));
    add(
        all,
        "rfind",
        (text, region, args) -> position(text, findLast(text, region, part(args)), false));
    add(
        all,
        "rindex",
        (text, region, args) -> position(text, findLast(text, region, part(args)), true));
    add(all, "count", (text, region, args) -> new Value.Int(count(text, region, part(args))));
    add(all, "startswith", (text, region, args) -> affix(text, region, args, true));
    add(all, "endswith", (text, region, args) -> affix(text, region, args, false));
  }

  private interface Code {
    Value call(String text, Region region, Parameters.Bound args);
  }

  private static void add(Map<String, Method.Body> all, String name, Code code) {
    Parameters parameters = Parameters.positional(name, 1, 3);
    all.put(
        name,
        (object, args, render) -> {
          String text = Types.requireText(object, "self");
          render.scan(text);
          Parameters.Bound bound = parameters.bind(args);
          return code.call(text, Region.of(text, bound), bound);
        });
  }

  private static String part(Parameters.Bound args) {
    return Types.requireText(args.require(0), "argument 1");
  }

  private static int find(String text, Region region, String part) {
    if (!region.valid()) {
      return -1;
    }
    int found = text.indexOf(part, region.start());
    return found >= 0 && found + part.length() <= region.end() ? found : -1;
  }

  private static int findLast(String text, Region region, String part) {
    if (!region.valid()) {
      return -1;
    }
    int found = text.lastIndexOf(part, region.end() - part.length());
    return found >= region.start() ? found : -1;
  }

  private static Value position(String text, int offset, boolean required) {
    if (offset < 0 && required) {
      throw EvaluationException.value("substring not found");
    }
    return new Value.Int(offset < 0 ? -1 : CodePoints.codePoints(text, offset));
  }

  private static long count(String text, Region region, String part) {
    if (!region.valid()) {
      return 0;
    }
    String inside = text.substring(region.start(), region.end());
    if (part.isEmpty()) {
      return CodePoints.length(inside) + 1L;
    }
    long count = 0;
    for (int i = inside.indexOf(part); i >= 0; i = inside.indexOf(part, i + part.length())) {
      count++;
    }
    return count;
  }

  private static Value affix(String text, Region region, Parameters.Bound args, boolean start) {
    Value wanted = args.require(0);
    List<Value> parts =
        wanted instanceof Value.ListOf list && list.tuple() ? list.items() : List.of(wanted);
    boolean found = false;
    for (Value each : parts) {
      String part =
          Types.requireText(each, "startswith or endswith first arg (or an item of its tuple)");
      int at = start ? region.start() : region.end() - part.length();
      found |=
          region.valid()
              && at >= region.start()
              && at + part.length() <= region.end()
              && text.startsWith(part, at);
      if (found) {
        break;
      }
    }
    return Value.Bool.of(found);
  }
}
