package io.kvroute.tokenizer.jinja.format;

import io.kvroute.tokenizer.jinja.values.CodePoints;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.HtmlEscaping;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.PythonRange;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code text % values}. */
public final class PercentFormat {

  private final String format;
  private final Value values;
  private final boolean safe;
  private final Render render;
  private final StringBuilder out = new StringBuilder();
  private int position;
  private int used;

  private PercentFormat(String format, Value values, boolean safe, Render render) {
    this.format = format;
    this.values = values;
    this.safe = safe;
    this.render = render;
  }

  /** Formats values into a string. A safe string escapes the values. */
  public static Value format(Value format, Value values, Render render) {
    boolean safe = format instanceof Value.Markup;
    String text = Types.requireText(format, "format");
    render.scan(text);
    PercentFormat percent = new PercentFormat(text, values, safe, render);
    percent.run();
    String result = percent.out.toString();
    render.allocate(result.length());
    return safe ? new Value.Markup(result) : new Value.Str(result);
  }

  private void run() {
    while (position < format.length()) {
      char c = format.charAt(position++);
      if (c == '%' && position < format.length() && format.charAt(position) == '%') {
        out.append('%');
        position++;
      } else if (c == '%') {
        conversion();
      } else {
        out.append(c);
      }
    }
    boolean mapping =
        values instanceof Value.Dict
            || values instanceof Undefined
            || values instanceof PythonRange
            || (values instanceof Value.ListOf list && !list.tuple());
    int given = values instanceof Value.ListOf list && list.tuple() ? list.items().size() : 1;
    if (!mapping && used < given) {
      throw EvaluationException.type("not all arguments converted during string formatting");
    }
  }

  private char next() {
    if (position >= format.length()) {
      throw EvaluationException.value("incomplete format");
    }
    return format.charAt(position++);
  }

  private void conversion() {
    Value named = named();
    boolean left = false;
    boolean zero = false;
    boolean alternate = false;
    char sign = '-';
    char c = next();
    for (; "-+ #0".indexOf(c) >= 0; c = next()) {
      switch (c) {
        case '-' -> left = true;
        case '0' -> zero = true;
        case '#' -> alternate = true;
        case '+' -> sign = '+';
        default -> sign = sign == '+' ? '+' : ' ';
      }
    }
    position--;
    int width = count(0);
    if (width < 0) {
      left = true;
      width = -width;
    }
    int precision = -1;
    if (position < format.length() && format.charAt(position) == '.') {
      position++;
      precision = Math.max(0, count(0));
    }
    c = next();
    if (c == 'h' || c == 'l' || c == 'L') {
      c = next();
    }
    render.allocate(width + (long) Math.max(0, precision));
    Value value = named != null ? named : argument();
    String text = text(value, c, precision, alternate, sign);
    out.append(pad(text, width, left, zero && "sracRSAC".indexOf(c) < 0));
  }

  private @Nullable Value named() {
    if (position >= format.length() || format.charAt(position) != '(') {
      return null;
    }
    int depth = 1;
    int start = ++position;
    while (depth > 0) {
      char c = next();
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (!(values instanceof Value.Dict dict)) {
      throw EvaluationException.type("format requires a mapping");
    }
    String name = format.substring(start, position - 1);
    Value value = dict.entries().get(new Value.Str(name));
    if (value == null) {
      throw EvaluationException.error("KeyError: '" + name + "'");
    }
    return value;
  }

  /** A width or precision: digits, or an asterisk that stands for the next value. */
  private int count(int missing) {
    if (position < format.length() && format.charAt(position) == '*') {
      position++;
      Value value = argument();
      if (!PythonNumbers.isInteger(value)) {
        throw EvaluationException.type("* wants int");
      }
      return Types.requireInt(value);
    }
    int start = position;
    while (position < format.length() && Character.isDigit(format.charAt(position))) {
      position++;
    }
    if (position - start > 9) {
      throw EvaluationException.value("width or precision too big");
    }
    return position == start ? missing : Integer.parseInt(format.substring(start, position));
  }

  private Value argument() {
    List<Value> all =
        values instanceof Value.ListOf list && list.tuple() ? list.items() : List.of(values);
    if (used >= all.size()) {
      throw EvaluationException.type("not enough arguments for format string");
    }
    return all.get(used++);
  }

  private String text(Value value, char type, int precision, boolean alternate, char sign) {
    return switch (type) {
      case 's' -> cut(escape(value, false), precision);
      case 'r', 'a' -> cut(escape(value, true), precision);
      case 'c' -> character(value);
      case 'd', 'i', 'u', 'o', 'x', 'X' -> integer(value, type, precision, alternate, sign);
      case 'e', 'E', 'f', 'F', 'g', 'G' -> {
        String number = Types.text(value);
        if (number != null || !Types.isNumber(value)) {
          throw EvaluationException.type("must be real number, not " + Types.name(value));
        }
        yield new FormatSpec(" ", ' ', sign, alternate, 0, ' ', precision < 0 ? 6 : precision, type)
            .apply(new Value.Real(PythonNumbers.toDouble(value)), render);
      }
      default -> throw EvaluationException.value("unsupported format character '" + type + "'");
    };
  }

  private String escape(Value value, boolean repr) {
    if (safe && !repr) {
      return HtmlEscaping.escape(value, render).value();
    }
    String text = repr ? Repr.repr(value, render) : Repr.str(value, render);
    return safe ? HtmlEscaping.escape(text) : text;
  }

  private static String cut(String text, int precision) {
    return precision >= 0 && precision < CodePoints.length(text)
        ? CodePoints.substring(text, 0, precision)
        : text;
  }

  private static String character(Value value) {
    String text = Types.text(value);
    if (text != null && CodePoints.length(text) == 1) {
      return text;
    }
    if (text != null || !PythonNumbers.isInteger(value)) {
      throw EvaluationException.type("%c requires int or char");
    }
    int code = Types.requireInt(value);
    if (code < 0 || code > Character.MAX_CODE_POINT) {
      throw EvaluationException.error("OverflowError: %c arg not in range(0x110000)");
    }
    return Character.toString(code);
  }

  private String integer(Value value, char type, int precision, boolean alternate, char sign) {
    Value number = value;
    if (value instanceof Value.Real real && "diu".indexOf(type) >= 0) {
      if (!Double.isFinite(real.value())) {
        throw EvaluationException.value("cannot convert float to integer");
      }
      number = PythonNumbers.of(new BigDecimal(real.value()).toBigInteger());
    }
    if (!PythonNumbers.isInteger(number)) {
      throw EvaluationException.type(
          "%" + type + " format: a number is required, not " + Types.name(value));
    }
    char code = "diu".indexOf(type) >= 0 ? 'd' : type;
    String text = new FormatSpec(" ", ' ', sign, alternate, 0, ' ', -1, code).apply(number, render);
    int digits = text.length();
    int start = 0;
    while (start < digits && "+- ".indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    if (alternate && code != 'd') {
      start += 2;
    }
    int zeros = Math.max(0, precision - (digits - start));
    return text.substring(0, start) + "0".repeat(zeros) + text.substring(start);
  }

  private static String pad(String text, int width, boolean left, boolean zero) {
    int missing = Math.max(0, width - CodePoints.length(text));
    if (missing == 0) {
      return text;
    }
    if (left) {
      return text + " ".repeat(missing);
    }
    if (!zero) {
      return " ".repeat(missing) + text;
    }
    int start = "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
    if (text.startsWith("0x", start)
        || text.startsWith("0X", start)
        || text.startsWith("0o", start)) {
      start += 2;
    }
    return text.substring(0, start) + "0".repeat(missing) + text.substring(start);
  }
}
