package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.CaseMapping;
import io.kvroute.tokenizer.jinja.values.CharacterClasses;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import io.kvroute.tokenizer.jinja.values.Whitespace;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The methods of strings. */
public final class StringMethods {

  private static final Set<String> UNSUPPORTED = Set.of("encode", "maketrans", "translate");

  private static final Map<String, Method.Body> METHODS = methods();

  private StringMethods() {}

  static @Nullable Value get(Value string, String name) {
    Method.Body body = METHODS.get(name);
    return body == null ? null : new Method(string, name, body);
  }

  /** The code of a method of a plain string. */
  private interface Code {
    Value call(String text, Parameters.Bound args, Render render);
  }

  private static Map<String, Method.Body> methods() {
    Map<String, Method.Body> all = new HashMap<>();
    mapping(all, "upper", CaseMapping::upper);
    mapping(all, "lower", CaseMapping::lower);
    mapping(all, "title", CaseMapping::title);
    mapping(all, "capitalize", CaseMapping::capitalize);
    mapping(all, "swapcase", CaseMapping::swapCase);
    mapping(all, "casefold", CaseMapping::fold);
    question(all, "isalnum", s -> CharacterClasses.all(s, CharacterClasses::isAlphanumeric));
    question(all, "isalpha", s -> CharacterClasses.all(s, Character::isLetter));
    question(all, "isascii", s -> s.chars().allMatch(c -> c < 0x80));
    question(all, "isdecimal", s -> CharacterClasses.all(s, CharacterClasses::isDecimal));
    question(all, "isdigit", s -> CharacterClasses.all(s, CharacterClasses::isDigit));
    question(all, "isidentifier", CharacterClasses::isIdentifier);
    question(all, "islower", CharacterClasses::isLower);
    question(all, "isnumeric", s -> CharacterClasses.all(s, CharacterClasses::isNumeric));
    question(all, "isprintable", s -> s.codePoints().allMatch(CharacterClasses::isPrintable));
    question(all, "isspace", s -> CharacterClasses.all(s, Whitespace::isSpace));
    question(all, "istitle", CharacterClasses::isTitle);
    question(all, "isupper", CharacterClasses::isUpper);
    add(
        all,
        "strip",
        Parameters.positional("strip", 0, 1),
        (s, a, r) -> strip(s, a, r, true, true));
    add(
        all,
        "lstrip",
        Parameters.positional("lstrip", 0, 1),
        (s, a, r) -> strip(s, a, r, true, false));
    add(
        all,
        "rstrip",
        Parameters.positional("rstrip", 0, 1),
        (s, a, r) -> strip(s, a, r, false, true));
    add(all, "join", Parameters.positional("join", 1, 1), StringMethods::join);
    add(all, "replace", Parameters.positional("replace", 2, 3), StringMethods::replace);
    add(
        all,
        "removeprefix",
        Parameters.positional("removeprefix", 1, 1),
        StringMethods::removePrefix);
    add(
        all,
        "removesuffix",
        Parameters.positional("removesuffix", 1, 1),
        StringMethods::removeSuffix);
    StringSearch.addTo(all);
    StringSplitting.addTo(all);
    StringPadding.addTo(all);
    BraceFormat.addTo(all);
    for (String name : UNSUPPORTED) {
      all.put(
          name,
          (object, args, render) -> {
            throw EvaluationException.limit("the string method '" + name + "' is not supported");
          });
    }
    return Map.copyOf(all);
  }

  private static void add(
      Map<String, Method.Body> all, String name, Parameters parameters, Code code) {
    all.put(
        name,
        (object, args, render) -> {
          String text = Types.requireText(object, "self");
          render.scan(text);
          return code.call(text, parameters.bind(args), render);
        });
  }

  private static void mapping(
      Map<String, Method.Body> all, String name, UnaryOperator<String> mapping) {
    add(all, name, Parameters.of(name, 0), (s, a, r) -> r.str(mapping.apply(s)));
  }

  private static void question(
      Map<String, Method.Body> all, String name, Predicate<String> question) {
    add(all, name, Parameters.of(name, 0), (s, a, r) -> Value.Bool.of(question.test(s)));
  }

  private static Value strip(
      String text, Parameters.Bound args, Render render, boolean start, boolean end) {
    String chars = args.isMissingOrNone(0) ? null : Types.requireText(args.require(0), "strip arg");
    return render.str(strip(text, chars, start, end));
  }

  /** Removes characters of a set, or white space, from the ends of a text. */
  public static String strip(String text, @Nullable String chars, boolean start, boolean end) {
    if (chars == null) {
      String stripped = start ? Whitespace.stripStart(text) : text;
      return end ? Whitespace.stripEnd(stripped) : stripped;
    }
    int from = 0;
    int to = text.length();
    while (start && from < to && chars.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && from < to && chars.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static Value join(String text, Parameters.Bound args, Render render) {
    StringBuilder out = new StringBuilder();
    Iterator<Value> items = Iteration.of(args.require(0), render);
    for (int i = 0; items.hasNext(); i++) {
      render.step();
      Value item = items.next();
      String part = Types.text(item);
      if (part == null) {
        throw EvaluationException.type(
            "sequence item " + i + ": expected str instance, " + Types.name(item) + " found");
      }
      render.allocate(part.length() + (long) text.length());
      if (i > 0) {
        out.append(text);
      }
      out.append(part);
    }
    return new Value.Str(out.toString());
  }

  private static Value replace(String text, Parameters.Bound args, Render render) {
    String from = Types.requireText(args.require(0), "replace() argument 1");
    String to = Types.requireText(args.require(1), "replace() argument 2");
    return new Value.Str(replace(text, from, to, args.getInt(2, -1), render));
  }

  /** Replaces the first {@code count} occurrences; all of them if it is negative. */
  public static String replace(String text, String from, String to, int count, Render render) {
    int left = count < 0 ? Integer.MAX_VALUE : count;
    StringBuilder out = new StringBuilder();
    int position = 0;
    int next = left == 0 ? -1 : text.indexOf(from);
    while (next >= 0 && left-- > 0) {
      render.allocate(to.length() + (long) next - position + 1);
      out.append(text, position, next).append(to);
      position = next + from.length();
      if (!from.isEmpty()) {
        next = text.indexOf(from, position);
      } else if (next < text.length()) {
        next = text.offsetByCodePoints(next, 1);
      } else {
        break;
      }
    }
    render.allocate(text.length() - position);
    return out.append(text, position, text.length()).toString();
  }

  private static Value removePrefix(String text, Parameters.Bound args, Render render) {
    String prefix = Types.requireText(args.require(0), "removeprefix() argument");
    return render.str(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
  }

  private static Value removeSuffix(String text, Parameters.Bound args, Render render) {
    String suffix = Types.requireText(args.require(0), "removesuffix() argument");
    return render.str(
        text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
  }
}
