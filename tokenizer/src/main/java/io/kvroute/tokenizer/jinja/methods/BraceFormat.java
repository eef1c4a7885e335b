package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.format.FormatSpec;
import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.CharacterClasses;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.HtmlEscaping;
import io.kvroute.tokenizer.jinja.values.IntegerText;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.Map;

/** Python's {@code text.format(...)} as the sandbox runs it. */
final class BraceFormat {

  private static final int MAX_DEPTH = 2;

  private final Args args;
  private final boolean safe;
  private final Render render;
  private int automatic;
  private boolean numbered;

  private BraceFormat(Args args, boolean safe, Render render) {
    this.args = args;
    this.safe = safe;
    this.render = render;
  }

  static void addTo(Map<String, Method.Body> all) {
    all.put("format", BraceFormat::format);
    Parameters mapping = Parameters.positional("format_map", 1, 1);
    all.put(
        "format_map",
        (object, args, render) -> {
          if (!(mapping.bind(args).require(0) instanceof Value.Dict dict)) {
            throw EvaluationException.type("format_map() argument must be a mapping");
          }
          Map<String, Value> named = new java.util.LinkedHashMap<>();
          dict.entries()
              .forEach(
                  (key, value) -> {
                    String name = Types.text(key);
                    if (name != null) {
                      named.put(name, value);
                    }
                  });
          return format(object, new Args(java.util.List.of(), named), render);
        });
  }

  private static Value format(Value object, Args args, Render render) {
    boolean safe = object instanceof Value.Markup;
    String text = Types.requireText(object, "self");
    render.scan(text);
    String result = new BraceFormat(args, safe, render).expand(text, MAX_DEPTH);
    render.allocate(result.length());
    return safe ? new Value.Markup(result) : new Value.Str(result);
  }

  private String expand(String text, int depth) {
    if (depth < 0) {
      throw EvaluationException.value("Max string recursion exceeded");
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '{' && c != '}') {
        out.append(c);
        i++;
      } else if (i + 1 < text.length() && text.charAt(i + 1) == c) {
        out.append(c);
        i += 2;
      } else if (c == '}') {
        throw EvaluationException.value("Single '}' encountered in format string");
      } else {
        int end = fieldEnd(text, i + 1);
        String field = field(text.substring(i + 1, end), depth);
        render.allocate(field.length());
        out.append(field);
        i = end + 1;
      }
    }
    return out.toString();
  }

  private static int fieldEnd(String text, int start) {
    int depth = 1;
    boolean index = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (index) {
        index = c != ']';
      } else if (c == '[') {
        index = true;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    throw EvaluationException.value("expected '}' before end of string");
  }

  private String field(String field, int depth) {
    int end = nameEnd(field);
    String conversion = "";
    String spec = "";
    String rest = field.substring(end);
    if (rest.startsWith("!")) {
      if (rest.length() < 2 || (rest.length() > 2 && rest.charAt(2) != ':')) {
        throw EvaluationException.value("expected ':' after conversion specifier");
      }
      conversion = rest.substring(1, 2);
      rest = rest.substring(2);
    }
    if (rest.startsWith(":")) {
      spec = rest.substring(1);
    }
    Value value = convert(lookUp(field.substring(0, end)), conversion);
    return formatted(value, expand(spec, depth - 1));
  }

  private String formatted(Value value, String spec) {
    if (!safe) {
      return FormatSpec.format(value, spec, render);
    }
    if (value instanceof Value.Markup markup) {
      if (!spec.isEmpty()) {
        throw EvaluationException.value("Unsupported format specification for Markup.");
      }
      return markup.value();
    }
    return HtmlEscaping.escape(FormatSpec.format(value, spec, render));
  }

  /** The end of a field's name: at a conversion or a format specification outside brackets. */
  private static int nameEnd(String field) {
    boolean index = false;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '[') {
        index = true;
      } else if (c == ']') {
        index = false;
      } else if (!index && (c == '!' || c == ':')) {
        return i;
      } else if (!index && c == '{') {
        throw EvaluationException.value("unexpected '{' in field name");
      }
    }
    return field.length();
  }

  private Value convert(Value value, String conversion) {
    return switch (conversion) {
      case "" -> value;
      case "s" -> new Value.Str(Repr.str(value, render));
      case "r", "a" -> new Value.Str(Repr.repr(value, render));
      default -> throw EvaluationException.value("Unknown conversion specifier " + conversion);
    };
  }

  private Value lookUp(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    Value value = first(name.substring(0, end));
    int i = end;
    while (i < name.length()) {
      int start = i + 1;
      if (name.charAt(i) == '.') {
        i = start;
        while (i < name.length() && name.charAt(i) != '.' && name.charAt(i) != '[') {
          i++;
        }
        value = Attributes.attribute(value, part(name, start, i), render);
      } else if (name.charAt(i) == '[') {
        i = name.indexOf(']', start);
        if (i < 0) {
          throw EvaluationException.value("Missing ']' in format string");
        }
        String key = part(name, start, i++);
        boolean number = CharacterClasses.all(key, CharacterClasses::isDecimal);
        value =
            Attributes.item(
                value, number ? IntegerText.parse(key, 10) : new Value.Str(key), render);
      } else {
        throw EvaluationException.value("Only '.' or '[' may follow ']' in format field specifier");
      }
    }
    return value;
  }

  private static String part(String name, int start, int end) {
    if (start == end) {
      throw EvaluationException.value("Empty attribute in format string");
    }
    return name.substring(start, end);
  }

  private Value first(String name) {
    boolean number = CharacterClasses.all(name, CharacterClasses::isDecimal);
    if (!name.isEmpty() && !number) {
      Value value = args.named().get(name);
      if (value == null) {
        throw EvaluationException.error("KeyError: '" + name + "'");
      }
      return value;
    }
    if (number ? automatic > 0 : numbered) {
      throw EvaluationException.value("cannot switch between manual and automatic field numbering");
    }
    numbered |= number;
    int index = number ? Types.requireInt(IntegerText.parse(name, 10)) : automatic++;
    if (index >= args.positional().size()) {
      throw EvaluationException.error(
          "IndexError: Replacement index " + index + " out of range for positional args tuple");
    }
    return args.positional().get(index);
  }
}
