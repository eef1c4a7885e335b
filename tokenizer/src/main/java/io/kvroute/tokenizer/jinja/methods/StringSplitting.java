package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import io.kvroute.tokenizer.jinja.values.Whitespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The methods of strings that split a string. */
public final class StringSplitting {

  private StringSplitting() {}

  static void addTo(Map<String, Method.Body> all) {
    Parameters split = Parameters.of("split", 0, "sep", "maxsplit");
    all.put("split", (object, args, render) -> split(object, split.bind(args), render, false));
    all.put("rsplit", (object, args, render) -> split(object, split.bind(args), render, true));
    Parameters lines = Parameters.of("splitlines", 0, "keepends");
    all.put(
        "splitlines",
        (object, args, render) ->
            toList(lines(text(object, render), lines.bind(args).isTrue(0)), render));
    Parameters partition = Parameters.positional("partition", 1, 1);
    all.put("partition", (o, args, render) -> partition(o, partition.bind(args), render, false));
    all.put("rpartition", (o, args, render) -> partition(o, partition.bind(args), render, true));
  }

  private static String text(Value object, Render render) {
    String text = Types.requireText(object, "self");
    render.scan(text);
    return text;
  }

  private static Value toList(List<String> parts, Render render) {
    render.allocateValues(parts.size());
    List<Value> values = new ArrayList<>(parts.size());
    for (String part : parts) {
      render.allocate(part.length());
      values.add(new Value.Str(part));
    }
    return new Value.ListOf(values, false);
  }

  private static Value split(Value object, Parameters.Bound args, Render render, boolean fromEnd) {
    String text = text(object, render);
    int max = args.getInt(1, -1);
    int limit = max < 0 ? Integer.MAX_VALUE : max;
    if (args.isMissingOrNone(0)) {
      return toList(fromEnd ? wordsFromEnd(text, limit) : words(text, limit), render);
    }
    String separator = Types.requireText(args.require(0), "separator");
    if (separator.isEmpty()) {
      throw EvaluationException.value("empty separator");
    }
    return toList(
        fromEnd ? partsFromEnd(text, separator, limit) : parts(text, separator, limit), render);
  }

  private static List<String> parts(String text, String separator, int limit) {
    List<String> parts = new ArrayList<>();
    int position = 0;
    for (int next = text.indexOf(separator);
        next >= 0 && parts.size() < limit;
        next = text.indexOf(separator, position)) {
      parts.add(text.substring(position, next));
      position = next + separator.length();
    }
    parts.add(text.substring(position));
    return parts;
  }

  private static List<String> partsFromEnd(String text, String separator, int limit) {
    List<String> parts = new ArrayList<>();
    int end = text.length();
    while (parts.size() < limit) {
      int next = text.lastIndexOf(separator, end - separator.length());
      if (next < 0 || end < separator.length()) {
        break;
      }
      parts.add(text.substring(next + separator.length(), end));
      end = next;
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  /** The words between white space. After {@code limit} splits, the rest remains one word. */
  static List<String> words(String text, int limit) {
    List<String> words = new ArrayList<>();
    int i = Whitespace.skip(text, 0);
    while (i < text.length()) {
      if (words.size() == limit) {
        words.add(text.substring(i));
        break;
      }
      int end = i;
      while (end < text.length() && !Whitespace.isSpace(text.charAt(end))) {
        end++;
      }
      words.add(text.substring(i, end));
      i = Whitespace.skip(text, end);
    }
    return words;
  }

  private static List<String> wordsFromEnd(String text, int limit) {
    List<String> words = new ArrayList<>();
    String rest = Whitespace.stripEnd(text);
    while (!rest.isEmpty()) {
      if (words.size() == limit) {
        words.add(rest);
        break;
      }
      int start = rest.length();
      while (start > 0 && !Whitespace.isSpace(rest.charAt(start - 1))) {
        start--;
      }
      words.add(rest.substring(start));
      rest = Whitespace.stripEnd(rest.substring(0, start));
    }
    Collections.reverse(words);
    return words;
  }

  /**
   * Python's {@code splitlines}: splits at more line ends than {@code \n}, and gives no empty line
   * after the last.
   */
  public static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Whitespace.isLineEnd(c)) {
        continue;
      }
      int end = i;
      if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
        i++;
      }
      lines.add(text.substring(start, keepEnds ? i + 1 : end));
      start = i + 1;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  private static Value partition(Value object, Parameters.Bound args, Render render, boolean last) {
    String text = text(object, render);
    String separator = Types.requireText(args.require(0), "separator");
    if (separator.isEmpty()) {
      throw EvaluationException.value("empty separator");
    }
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    List<Value> parts;
    if (at >= 0) {
      parts =
          List.of(
              render.str(text.substring(0, at)),
              new Value.Str(separator),
              render.str(text.substring(at + separator.length())));
    } else {
      Value whole = render.str(text);
      parts =
          last
              ? List.of(Value.Str.EMPTY, Value.Str.EMPTY, whole)
              : List.of(whole, Value.Str.EMPTY, Value.Str.EMPTY);
    }
    return new Value.ListOf(parts, true);
  }
}
