package io.kvroute.tokenizer.jinja.format;

import io.kvroute.tokenizer.jinja.values.CodePoints;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Repr;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Python's format specification, as in {@code '{:>8.2f}'}.
 *
 * @param align {@code <}, {@code >}, {@code ^}, {@code =}, or a blank for the default of the type
 * @param sign {@code +}, {@code -} or a blank
 * @param precision -1 if not given
 * @param type a blank if not given
 */
public record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    char grouping,
    int precision,
    char type) {

  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?(.)?",
          Pattern.DOTALL);

  private static final int MAX_PRECISION = 10_000;

  static FormatSpec parse(String text) {
    Matcher matcher = SPEC.matcher(text);
    if (!matcher.matches()) {
      throw EvaluationException.value("Invalid format specifier '" + text + "'");
    }
    boolean zero = matcher.group(5) != null;
    String align = matcher.group(2);
    String fill = matcher.group(1);
    return new FormatSpec(
        fill != null ? fill : zero && align == null ? "0" : " ",
        align != null ? align.charAt(0) : zero ? '=' : ' ',
        first(matcher.group(3), '-'),
        matcher.group(4) != null,
        number(matcher.group(6), 0),
        first(matcher.group(7), ' '),
        number(matcher.group(8), -1),
        first(matcher.group(9), ' '));
  }

  private static char first(@Nullable String text, char missing) {
    return text == null ? missing : text.charAt(0);
  }

  private static int number(@Nullable String text, int missing) {
    return text == null ? missing : Integer.parseInt(text);
  }

  /** Python's {@code format(value, text)}. */
  public static String format(Value value, String text, Render render) {
    if (text.isEmpty()) {
      return Repr.str(value, render);
    }
    if (Types.text(value) == null && !Types.isNumber(value)) {
      throw EvaluationException.type(
          "unsupported format string passed to " + Types.name(value) + ".__format__");
    }
    return parse(text).apply(value, render);
  }

  /** A string or number in this format. */
  String apply(Value value, Render render) {
    render.allocate(width + (long) Math.max(0, precision));
    String string = Types.text(value);
    if (string != null) {
      return string(string, render);
    }
    boolean floating = "eEfFgG%".indexOf(type) >= 0;
    return value instanceof Value.Real || floating
        ? real(PythonNumbers.toDouble(value), render)
        : integer(PythonNumbers.toBigInteger(value), render);
  }

  private String string(String text, Render render) {
    if ((type != ' ' && type != 's') || sign != '-' || alternate || grouping != ' ') {
      throw EvaluationException.value(
          "Unknown format code '" + type + "' for object of type 'str'");
    }
    String cut =
        precision >= 0 && precision < CodePoints.length(text)
            ? CodePoints.substring(text, 0, precision)
            : text;
    // A zero before the width means '=' for numbers, and filling on the right for strings.
    return pad("", cut, align == '=' || align == ' ' ? '<' : align, render);
  }

  private String integer(BigInteger value, Render render) {
    if (precision >= 0) {
      throw EvaluationException.value("Precision not allowed in integer format specifier");
    }
    int radix =
        switch (type) {
          case ' ', 'd', 'n' -> 10;
          case 'b' -> 2;
          case 'o' -> 8;
          case 'x', 'X' -> 16;
          case 'c' -> 0;
          default ->
              throw EvaluationException.value(
                  "Unknown format code '" + type + "' for object of type 'int'");
        };
    if (radix == 0) {
      if (value.bitLength() > 21 || value.signum() < 0 || value.intValue() > 0x10ffff) {
        throw EvaluationException.error("OverflowError: %c arg not in range(0x110000)");
      }
      return pad("", Character.toString(value.intValue()), align == ' ' ? '<' : align, render);
    }
    BigInteger magnitude = value.abs();
    String digits = radix == 10 ? PythonNumbers.repr(magnitude) : magnitude.toString(radix);
    String prefix = alternate && radix != 10 ? "0" + Character.toLowerCase(type) : "";
    if (type == 'X') {
      digits = digits.toUpperCase(Locale.ROOT);
      prefix = prefix.toUpperCase(Locale.ROOT);
    }
    return number(signOf(value.signum() < 0) + prefix, digits, radix == 10 ? 3 : 4, render);
  }

  private String real(double value, Render render) {
    if (precision > MAX_PRECISION) {
      throw EvaluationException.limit(
          "precision " + precision + " (expected: at most " + MAX_PRECISION + ")");
    }
    boolean negative = value < 0 || (value == 0 && 1 / value < 0);
    double magnitude = Math.abs(value);
    int digits = precision < 0 ? 6 : precision;
    String text =
        switch (type) {
          case ' ' -> plain(magnitude);
          case 'e', 'E', 'f', 'F', 'g', 'G' ->
              FloatFormat.format(magnitude, type, digits, alternate);
          case 'n' -> FloatFormat.format(magnitude, 'g', digits, alternate);
          case '%' -> FloatFormat.format(magnitude * 100, 'f', digits, alternate) + "%";
          default ->
              throw EvaluationException.value(
                  "Unknown format code '" + type + "' for object of type 'float'");
        };
    return number(signOf(negative && !Double.isNaN(value)), text, 3, render);
  }

  /**
   * The format without a type: as {@code repr} or, with a precision, as {@code g} with at least one
   * digit after the point.
   */
  private String plain(double magnitude) {
    if (precision < 0 || Double.isNaN(magnitude) || Double.isInfinite(magnitude)) {
      return PythonNumbers.repr(magnitude);
    }
    int digits = Math.max(1, precision);
    String text =
        FloatFormat.general(
            new BigDecimal(magnitude), digits, alternate, -4, Math.max(1, digits - 1));
    boolean whole = text.indexOf('.') < 0 && text.indexOf('e') < 0;
    return whole ? text + ".0" : text;
  }

  private String signOf(boolean negative) {
    return negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
  }

  private String number(String prefix, String digits, int groupSize, Render render) {
    String grouped = digits;
    if (grouping != ' ') {
      int end = 0;
      while (end < digits.length() && Character.digit(digits.charAt(end), 16) >= 0) {
        if (groupSize == 3 && !Character.isDigit(digits.charAt(end))) {
          break;
        }
        end++;
      }
      boolean zeroFill = align == '=' && fill.equals("0");
      int room = zeroFill ? width - prefix.length() - (digits.length() - end) : 0;
      grouped = group(digits.substring(0, end), groupSize, room) + digits.substring(end);
    }
    return pad(prefix, grouped, align == ' ' ? '>' : align, render);
  }

  /** Inserts separators. Leading zeros that fill the width get separators too. */
  private String group(String digits, int size, int room) {
    StringBuilder reversed = new StringBuilder();
    int count = 0;
    for (int i = digits.length() - 1; i >= 0 || reversed.length() < room; i--) {
      if (count > 0 && count % size == 0) {
        reversed.append(grouping);
      }
      reversed.append(i >= 0 ? digits.charAt(i) : '0');
      count++;
    }
    return reversed.reverse().toString();
  }

  private String pad(String prefix, String text, char alignment, Render render) {
    int missing = Math.max(0, width - CodePoints.length(prefix) - CodePoints.length(text));
    render.allocate(prefix.length() + (long) text.length() + missing);
    return switch (alignment) {
      case '<' -> prefix + text + fill.repeat(missing);
      case '^' -> fill.repeat(missing / 2) + prefix + text + fill.repeat(missing - missing / 2);
      case '=' -> prefix + fill.repeat(missing) + text;
      default -> fill.repeat(missing) + prefix + text;
    };
  }
}
